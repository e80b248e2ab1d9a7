//nolint:misspell // it is not English
package views

var spanish = Language{
	Code: "es",

	Title: "{} pide acceso", Wants: "{} quiere usar tu cuenta", WantsAgain: "{} quiere volver a usar tu cuenta",
	SignedIn: "{} en {}", Switch: "Cambiar",
	FirstParty: "Una aplicación propia de este servicio.", ThirdParty: "Hecha por otra empresa.", NoName: "Una aplicación sin nombre",
	ByOperator: "La registró el operador de este servicio.", ByItself: "Se registró a sí misma: nadie ha comprobado lo que dice de sí.",
	ByAddress: "Se describe a sí misma en {}. Nadie más lo ha comprobado.", ByNobodyKnows: "No se sabe cómo se registró.",
	Can: "Podrá", CanAt: "En {} podrá", Had: "Como ya permitiste", HadUnknown: "Ahora no se sabe qué permitiste antes.", Nobody: "Nadie describe este permiso.",
	Left: "Queda fuera", LeftWhy: "Tus roles no lo incluyen. La aplicación recibe el resto.", NothingLeft: "No puedes dar nada de lo que pide.",
	Next: "Qué pasa después", Host: "Después vas a", Full: "Dirección completa",
	Allows: "Si lo permites, vas allí con un código que cambia por el acceso.", Denies: "Si lo rechazas, vas allí también y no recibe nada.",
	Deny: "Rechazar", Allow: "Permitir",
	Undo: "Puedes retirarlo cuando quieras en {}.", Apps: "tus aplicaciones conectadas",
	Loopback: "Un programa de este ordenador", LoopbackWhy: "Te lleva a un programa de este ordenador. Permítelo solo si acabas de iniciar tú ese programa.",
	Private: "Una aplicación de este dispositivo", PrivateWhy: "Te lleva a la aplicación de este dispositivo que responda a {}. Permítelo solo si vienes de ella.",
	Unchecked: "Nadie ha comprobado esta aplicación", UncheckedWhy: "Su nombre y lo que dice son palabras suyas. Mira adónde te lleva.",
	Imitates: "El nombre puede imitar a otro", ImitatesWhy: "Tiene letras de varios alfabetos, o letras que parecen otras. Mira adónde te lleva.",
	Alphabet: "La dirección puede imitar a otra", AlphabetWhy: "Tiene letras de un alfabeto que no es el latino.",
	Everything: "Acceso total", EverythingWhy: "Puede hacer todo lo que tú puedes hacer en {}, como si fueras tú: también lo que no aparece abajo.",

	Shut: "{} no admite {}", ShutWhy: "Tu organización decide qué aplicaciones se pueden usar. A esta no se le dio nada.",
	Ask: "Preguntar a tu administrador", Asked: "Tu administrador puede ver que has preguntado", AskedWhy: "Tu pregunta se guarda 30 días. Vuelve aquí cuando tenga respuesta.",
	Back: "Volver a la aplicación",

	Who: "¿A quién se pregunta?", Use: "Responder como miembro de", Current: "Ahora", Enter: "Entra primero en {}",
	Account: "Usar otra cuenta", AccountWhy: "Se cierra tu sesión, y vuelves aquí cuando hayas iniciado otra.", Return: "Volver a la pregunta",

	OnTo: "A {}", Continue: "Continuar a {}", Allowed: "Lo has permitido.", Denied: "No lo has permitido. No recibe nada.",

	Scopes: map[string]string{
		"full_access":    "Hacer todo lo que tú puedes hacer, como si fueras tú",
		"offline_access": "Seguir conectada cuando no estés, hasta que lo retires",
		"phone":          "Ver tu número de teléfono",
		"email":          "Ver tu dirección de correo electrónico",
		"profile":        "Ver tu nombre y tu foto",
		"openid":         "Saber que eres tú",
	},
}

var french = Language{
	Code: "fr",

	Title: "{} demande un accès", Wants: "{} veut utiliser votre compte", WantsAgain: "{} veut de nouveau utiliser votre compte",
	SignedIn: "{} chez {}", Switch: "Changer",
	FirstParty: "Une application de ce service.", ThirdParty: "Faite par une autre entreprise.", NoName: "Une application sans nom",
	ByOperator: "L’exploitant de ce service l’a enregistrée.", ByItself: "Elle s’est enregistrée elle-même : personne n’a vérifié ce qu’elle dit d’elle.",
	ByAddress: "Elle se décrit elle-même sur {}. Personne d’autre ne l’a vérifié.", ByNobodyKnows: "On ne sait pas comment elle a été enregistrée.",
	Can: "Elle pourra", CanAt: "Sur {}, elle pourra", Had: "Comme vous l’avez déjà autorisé", HadUnknown: "On ne sait pas pour l’instant ce que vous avez déjà autorisé.", Nobody: "Personne ne décrit ce droit.",
	Left: "Laissé de côté", LeftWhy: "Vos rôles ne le permettent pas. L’application reçoit le reste.", NothingLeft: "Vous ne pouvez rien lui donner de ce qu’elle demande.",
	Next: "Ce qui se passe ensuite", Host: "Ensuite vous allez sur", Full: "Adresse complète",
	Allows: "Si vous autorisez, vous y allez avec un code qu’elle échange contre l’accès.", Denies: "Si vous refusez, vous y allez aussi, et elle n’obtient rien.",
	Deny: "Refuser", Allow: "Autoriser",
	Undo: "Vous pouvez revenir là-dessus à tout moment dans {}.", Apps: "vos applications connectées",
	Loopback: "Un programme de cet ordinateur", LoopbackWhy: "Elle vous envoie vers un programme de cet ordinateur. N’autorisez que si vous venez de le lancer vous-même.",
	Private: "Une application de cet appareil", PrivateWhy: "Elle vous envoie vers l’application de cet appareil qui répond à {}. N’autorisez que si vous en venez.",
	Unchecked: "Personne n’a vérifié cette application", UncheckedWhy: "Son nom et ce qu’elle dit sont ses propres mots. Regardez où elle vous envoie.",
	Imitates: "Le nom en imite peut-être un autre", ImitatesWhy: "Il a des lettres de plusieurs alphabets, ou qui ressemblent à d’autres. Regardez où elle vous envoie.",
	Alphabet: "L’adresse en imite peut-être une autre", AlphabetWhy: "Elle a des lettres d’un alphabet qui n’est pas latin.",
	Everything: "Accès complet", EverythingWhy: "Elle peut faire tout ce que vous pouvez faire chez {}, à votre place : aussi ce qui n’est pas dit plus bas.",

	Shut: "{} n’admet pas {}", ShutWhy: "Votre organisation décide quelles applications peuvent servir. Rien n’a été donné à celle-ci.",
	Ask: "Demander à votre administrateur", Asked: "Votre administrateur peut voir votre demande", AskedWhy: "Elle est gardée 30 jours. Revenez ici quand on vous aura répondu.",
	Back: "Retour à l’application",

	Who: "À qui la question est-elle posée ?", Use: "Répondre comme membre de", Current: "Maintenant", Enter: "Entrez d’abord chez {}",
	Account: "Utiliser un autre compte", AccountWhy: "Votre session est fermée, et vous revenez ici après une nouvelle connexion.", Return: "Retour à la question",

	OnTo: "Vers {}", Continue: "Continuer vers {}", Allowed: "Vous l’avez autorisée.", Denied: "Vous ne l’avez pas autorisée. Elle n’obtient rien.",

	Scopes: map[string]string{
		"full_access":    "Faire tout ce que vous pouvez faire, à votre place",
		"offline_access": "Rester connectée en votre absence, jusqu’à ce que vous y mettiez fin",
		"phone":          "Voir votre numéro de téléphone",
		"email":          "Voir votre adresse e-mail",
		"profile":        "Voir votre nom et votre photo",
		"openid":         "Savoir que c’est vous",
	},
}

var portuguese = Language{
	Code: "pt-BR",

	Title: "{} pede acesso", Wants: "{} quer usar sua conta", WantsAgain: "{} quer usar sua conta de novo",
	SignedIn: "{} em {}", Switch: "Trocar",
	FirstParty: "Um aplicativo deste próprio serviço.", ThirdParty: "Feito por outra empresa.", NoName: "Um aplicativo sem nome",
	ByOperator: "O operador deste serviço o registrou.", ByItself: "Ele se registrou sozinho: ninguém verificou o que ele diz de si.",
	ByAddress: "Ele se descreve em {}. Ninguém mais verificou isso.", ByNobodyKnows: "Não se sabe como foi registrado.",
	Can: "Ele poderá", CanAt: "Em {} ele poderá", Had: "Como você já permitiu", HadUnknown: "No momento não se sabe o que você já permitiu.", Nobody: "Ninguém descreve este direito.",
	Left: "Fica de fora", LeftWhy: "Suas funções não incluem isto. O aplicativo recebe o resto.", NothingLeft: "Você não pode dar nada do que ele pede.",
	Next: "O que acontece depois", Host: "Depois você vai para", Full: "Endereço completo",
	Allows: "Se você permitir, vai para lá com um código que ele troca pelo acesso.", Denies: "Se você negar, vai para lá também, e ele não recebe nada.",
	Deny: "Negar", Allow: "Permitir",
	Undo: "Você pode voltar atrás a qualquer momento em {}.", Apps: "seus aplicativos conectados",
	Loopback: "Um programa deste computador", LoopbackWhy: "Ele leva você a um programa deste computador. Permita só se você mesmo acabou de abrir esse programa.",
	Private: "Um aplicativo deste aparelho", PrivateWhy: "Ele leva você ao aplicativo deste aparelho que responde a {}. Permita só se você veio dele.",
	Unchecked: "Ninguém verificou este aplicativo", UncheckedWhy: "O nome e o que ele diz são palavras dele. Veja para onde ele leva você.",
	Imitates: "O nome pode imitar outro", ImitatesWhy: "Tem letras de vários alfabetos, ou que parecem outras. Veja para onde ele leva você.",
	Alphabet: "O endereço pode imitar outro", AlphabetWhy: "Tem letras de um alfabeto que não é o latino.",
	Everything: "Acesso total", EverythingWhy: "Ele pode fazer tudo o que você pode fazer em {}, como se fosse você: também o que não está na lista abaixo.",

	Shut: "{} não admite {}", ShutWhy: "Sua organização decide quais aplicativos podem ser usados. Nada foi dado a este.",
	Ask: "Pedir ao seu administrador", Asked: "Seu administrador pode ver que você pediu", AskedWhy: "Seu pedido fica guardado por 30 dias. Volte aqui quando houver resposta.",
	Back: "Voltar ao aplicativo",

	Who: "Quem responde?", Use: "Responder como membro de", Current: "Agora", Enter: "Entre primeiro em {}",
	Account: "Usar outra conta", AccountWhy: "Sua sessão é encerrada, e você volta aqui depois de entrar de novo.", Return: "Voltar à pergunta",

	OnTo: "Para {}", Continue: "Continuar para {}", Allowed: "Você permitiu.", Denied: "Você não permitiu. Ele não recebe nada.",

	Scopes: map[string]string{
		"full_access":    "Fazer tudo o que você pode fazer, como se fosse você",
		"offline_access": "Continuar conectado enquanto você está fora, até você voltar atrás",
		"phone":          "Ver seu número de telefone",
		"email":          "Ver seu endereço de e-mail",
		"profile":        "Ver seu nome e sua foto",
		"openid":         "Saber que é você",
	},
}
