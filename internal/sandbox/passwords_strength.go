package sandbox

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
)

// acceptedScore is the least that a new password needs, of 4.
const acceptedScore = 3

// strength is how hard a password is to guess.
type strength struct {
	score       int // 0 to 4
	warning     string
	suggestions []string
}

// The guesses that a part of a password costs, as powers of ten. Beyond the last step the score is 4.
const (
	ownCost       = 1 // a word of the person's own address
	wordCost      = 2 // one of the common words, however it is written
	runCost       = 1 // a run like "aaaa" or "1234", however long
	characterCost = 1
)

var scoreSteps = []int{3, 6, 8, 10}

// rate guesses at the strength: common words, the address and runs count little, every other character counts. It stands in
// for the estimator of the upstream and comes to like scores for the passwords that people try.
func rate(plain, email string) strength {
	rest := []byte(strings.ToLower(plain))
	address := strings.FieldsFunc(strings.ToLower(email), func(r rune) bool { return !unicode.IsLetter(r) })
	own := cutWords(rest, slices.DeleteFunc(address, func(word string) bool { return len(word) < 3 }))
	common := cutWords(rest, commonWords)
	runs, others := 0, 0
	for _, part := range bytes.FieldsFunc(rest, func(r rune) bool { return r == 0 }) {
		r, o := runsOf([]rune(string(part)))
		runs, others = runs+r, others+o
	}
	cost := own*ownCost + common*wordCost + runs*runCost + others*characterCost
	s := strength{score: len(scoreSteps)}
	if at := slices.IndexFunc(scoreSteps, func(step int) bool { return cost < step }); at >= 0 {
		s.score = at
	}
	if s.score >= acceptedScore {
		return s
	}
	s.suggestions = []string{"Add another word or two. Uncommon words are better."}
	switch {
	case own+common > 0:
		s.warning = "This is similar to a commonly used password."
		if strings.ToLower(plain) != plain {
			s.suggestions = append(s.suggestions, "Capitalization doesn't help very much.")
		}
	case runs > 0:
		s.warning = "Repeats like \"aaa\" and sequences like \"abc\" or \"6543\" are easy to guess."
		s.suggestions = append(s.suggestions, "Avoid repeated words, characters and sequences.")
	}
	return s
}

// cutWords counts words and puts zeros in their places.
func cutWords(text []byte, words []string) int {
	folded, found := []byte(unleet.Replace(string(text))), 0
	for _, word := range words {
		for at := bytes.Index(folded, []byte(word)); at >= 0; at = bytes.Index(folded, []byte(word)) {
			clear(folded[at : at+len(word)])
			clear(text[at : at+len(word)])
			found++
		}
	}
	return found
}

// unleet undoes the replacements that people make in words. Each is one byte for one byte.
var unleet = strings.NewReplacer("@", "a", "$", "s", "0", "o", "1", "l", "3", "e")

// runsOf counts runs of at least three characters that repeat, rise or fall by one, and the characters outside of runs.
func runsOf(all []rune) (runs, others int) {
	for i := 0; i < len(all); {
		end := i + 1
		if end < len(all) {
			step := all[end] - all[i]
			for end < len(all) && step >= -1 && step <= 1 && all[end]-all[end-1] == step {
				end++
			}
		}
		if end-i >= 3 {
			runs++
			i = end
			continue
		}
		others++
		i++
	}
	return runs, others
}

// breached tells whether a password is one of those that were seen in breaches.
func breached(plain string) bool { return slices.Contains(breachedPasswords, plain) }

var breachedPasswords = []string{SeedBreachedPassword, "P@ssw0rd2024!", "correct horse battery staple", "qwertyuiop1234567890", "trustno1trustno1"}

type strengthAnswer struct {
	envelope
	ValidPassword           bool            `json:"valid_password"`
	Score                   int             `json:"score"`
	BreachedPassword        bool            `json:"breached_password"`
	StrengthPolicy          string          `json:"strength_policy"`
	BreachDetectionOnCreate bool            `json:"breach_detection_on_create"`
	Zxcvbn                  *zxcvbnFeedback `json:"zxcvbn_feedback"`
	LUDS                    *struct{}       `json:"luds_feedback"` // of the other policy
}

type zxcvbnFeedback struct {
	Warning     string   `json:"warning"`
	Suggestions []string `json:"suggestions"`
}

func (c *call) passwordStrength() (any, error) {
	in, err := decode[struct {
		Password     string `json:"password"`
		EmailAddress string `json:"email_address"`
	}](c)
	if err != nil {
		return nil, err
	}
	s, leaked := rate(in.Password, in.EmailAddress), breached(in.Password)
	return strengthAnswer{
		envelope: c.ok(), ValidPassword: s.score >= acceptedScore && !leaked, Score: s.score, BreachedPassword: leaked,
		StrengthPolicy: "zxcvbn", BreachDetectionOnCreate: true, Zxcvbn: &zxcvbnFeedback{s.warning, s.suggestions},
	}, nil
}

// commonWords are what most guesses begin with, the longer ones first where one holds another.
var commonWords = strings.Fields(`
	administrator basketball butterfly christmas chocolate elizabeth alexander passwords password liverpool
	australia benjamin corvette dolphins drowssap einstein football forever garfield gateway
	hardcore iloveyou internet jennifer johnson jonathan lakers mercedes michelle midnight mountain
	nicholas paradise patricia playboy pokemon portugal princess qwertyuiop asdfghjkl zxcvbnm qwerty asdfgh
	rainbow samantha scorpion security snowball spiderman starwars steelers stephanie summer sunshine
	superman testing tinkerbell undertaker victoria warcraft welcome whatever william winston
	abcdef access admin alexis amanda america andrea andrew angel angela anthony apples arsenal ashley
	august autumn bailey banana barcelona baseball batman bigdog biteme blowfish brandon bubbles buster
	camaro canada captain carlos charlie cheese chelsea chicken chris chocolate coffee computer cookie
	cooper cricket dakota daniel darkness david debbie december diamond donald dragon eagles enter
	falcon family february ferrari fish flower freedom friday friend gandalf george ginger golfer
	guest guitar hammer hannah happy harley heather hello hockey hunter jackson january jasmine jessica
	jordan joshua justin killer letmein lkjhgf london love lucky maggie marina martin master matrix
	matthew melissa merlin michael mickey miller money monday monkey monster morgan mother mustang
	nathan november ocean october oliver orange pepper phoenix please prince purple ranger rachel robert
	rocket rosebud saturday secret september shadow silver soccer sophie sparky spring startrek sunday
	taylor thomas thunder thursday tigers tigger trust tuesday united wednesday whiskey wizard winter yankees yellow`)
