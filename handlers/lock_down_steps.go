package handlers

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"console.internal/internal/stytch"
)

// stepRoles is the step that takes roles away, and stepApp with an id the one that revokes an app.
const (
	stepRoles = "roles"
	stepApp   = "app:"
)

// lockDownSteps are what is done, in this order: whoever is in is put out first, then what they could come back with goes, and
// at the end those are put out who came back meanwhile.
func (l *lockDown) steps() []step {
	if !l.keep {
		return []step{l.deactivate()}
	}
	steps := []step{l.endSessions("sessions", "End their sessions", l.noSessions())}
	steps = append(steps, l.revokeApps()...)
	return append(steps, l.dropPassword(), l.dropBreakglass(), l.dropRoles(), l.endSessions("sessions-again", "End the sessions that began meanwhile", ""))
}

// noting is the context of a step: its acts are recorded with the reason.
func (l *lockDown) noting(ctx context.Context, changes ...stytch.Change) context.Context {
	return stytch.Noting(ctx, l.reason, changes...)
}

func (l *lockDown) deactivate() step {
	return step{
		name: "deactivate", text: "Deactivate " + l.name() + ": " + lower(l.ends()), action: "delete",
		do: func(ctx context.Context) (string, error) {
			done, err := l.t.DeleteMember(l.noting(ctx), l.Member.ID)
			return done.RequestID, err
		},
		stands: func(now *asked) string {
			if now == nil {
				return "The member is deleted now."
			}
			return "The member is still there."
		},
	}
}

func (l *lockDown) noSessions() string {
	if l.sessions.err == nil && len(l.sessions.got) == 0 {
		return "They have no live session."
	}
	return ""
}

func (l *lockDown) endSessions(name, text, none string) step {
	if n := len(l.sessions.got); name == "sessions" && n > 0 {
		text = "End " + plural(n, "session")
	}
	return step{
		name: name, text: text, none: none, action: "revoke-sessions",
		do: func(ctx context.Context) (string, error) {
			done, err := l.t.RevokeMemberSessions(l.noting(ctx), l.Member.ID)
			return done.RequestID, err
		},
		stands: alive(func(now *asked) string {
			if now.sessions.err != nil {
				return "How many sessions are live now could not be read."
			}
			return "Now " + plural(len(now.sessions.got), "session") + " of theirs can be seen."
		}),
	}
}

// revokeApps are a step for each app that the member let in. Where the list is not known that is a step that fails, so that nobody
// takes it for none.
func (l *lockDown) revokeApps() []step {
	if err := l.apps.err; err != nil {
		if !stytch.IsForbidden(err) {
			err = errUnread
		}
		return []step{{
			name: stepApp, text: "Revoke their apps", action: "get.connected-apps", note: "Which apps they let in is not known.",
			do: func(context.Context) (string, error) { return "", err },
		}}
	}
	if len(l.apps.got) == 0 {
		return []step{{name: stepApp, text: "Revoke their apps", none: "They have let no app in."}}
	}
	var steps []step
	for _, app := range l.apps.got {
		steps = append(steps, step{
			name: stepApp + app.ID, text: "Revoke " + nameOf(app.Name, app.ID), action: "revoke.connected-app",
			do: func(ctx context.Context) (string, error) {
				done, err := l.t.RevokeMemberApp(l.noting(ctx), l.Member.ID, app.ID)
				return done.RequestID, err
			},
			stands: alive(func(now *asked) string {
				switch {
				case now.apps.err != nil:
					return "Which apps are let in now could not be read."
				case slices.ContainsFunc(now.apps.got, func(one stytch.MemberApp) bool { return one.ID == app.ID }):
					return "The app is still let in."
				}
				return "The app is not let in any more."
			}),
		})
	}
	return steps
}

func (l *lockDown) dropPassword() step {
	s := step{
		name: "password", text: "Delete the password", action: "update.info.delete.password",
		do: func(ctx context.Context) (string, error) {
			got, err := l.t.DeleteMemberPassword(l.noting(ctx), l.Member.ID, l.Member.PasswordID)
			if !stytch.IsType(err, crossOrganization) {
				return got.RequestID, err
			}
			// One password for all organizations cannot be deleted in one of them.
			done, err := l.t.RequireReset(l.noting(ctx), l.Member.ID, l.Member.Email)
			return done.RequestID, err
		},
		stands: alive(func(now *asked) string {
			if now.Member.PasswordID == "" {
				return "They have no password now."
			}
			return "They still have a password."
		}),
	}
	if l.Member.PasswordID == "" {
		s.none = "They have no password."
	}
	return s
}

func (l *lockDown) dropBreakglass() step {
	s := step{
		name: "breakglass", text: "Take break-glass away", action: "update.settings.is-breakglass",
		do: func(ctx context.Context) (string, error) {
			got, err := l.t.UpdateMember(l.noting(ctx, stytch.Change{Field: "is_breakglass", Was: "yes", Now: "no"}), l.Member.ID,
				map[stytch.MemberField]any{stytch.MemberFieldBreakglass: false})
			return got.RequestID, err
		},
		stands: alive(func(now *asked) string {
			if now.Member.IsBreakglass {
				return "They still are break-glass."
			}
			return "They are not break-glass now."
		}),
	}
	if !l.Member.IsBreakglass {
		s.none = "They are not break-glass."
	}
	return s
}

func (l *lockDown) dropRoles() step {
	direct, _ := l.directRoles()
	left := slices.DeleteFunc(slices.Clone(direct), func(role string) bool { return slices.Contains(l.roles, role) })
	s := step{
		name: stepRoles, text: "Take " + strings.Join(l.roles, ", ") + " away", action: "update.settings.roles",
		do: func(ctx context.Context) (string, error) {
			got, err := l.t.UpdateMember(l.noting(ctx, stytch.Change{Field: "roles", Was: listText(direct), Now: listText(left)}), l.Member.ID,
				map[stytch.MemberField]any{stytch.MemberFieldRoles: left})
			return got.RequestID, err
		},
		stands: alive(func(now *asked) string {
			if has, _ := now.directRoles(); slices.ContainsFunc(has, func(role string) bool { return slices.Contains(l.roles, role) }) {
				return "They still have one of these roles."
			}
			return "They do not have these roles now."
		}),
	}
	if len(l.roles) == 0 {
		s.text, s.none = "Take roles away", "No role was ticked."
		switch {
		case l.ticked:
			s.none = "They do not have these roles any more."
		case len(direct) == 0:
			s.none = "They were given no role."
		}
	}
	return s
}

// alive says how it stands with a member who may have been deleted meanwhile.
func alive(stands func(now *asked) string) func(*asked) string {
	return func(now *asked) string {
		if now == nil {
			return "The member is deleted now."
		}
		return stands(now)
	}
}

func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + one + "s"
}

// lower lets a sentence go on after a colon.
func lower(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToLower(s[:1]) + s[1:]
}
