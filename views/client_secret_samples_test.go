package views

import "github.com/a-h/templ"

const sampleClient = "connected-app-live-1bcc33c4-3056-4952-9637-fcd06ee76b15"

func sampleRotation(next string) *Rotation {
	return &Rotation{LastFour: "a1f4", NextLastFour: next, Start: "/connected-apps/x/secret?act=start", Complete: "/connected-apps/x/secret?act=complete", Cancel: "/connected-apps/x/secret?act=cancel"}
}

func sampleClientSecret() ClientSecretPage {
	m := ClientSecretPage{
		Frame: sampleFrame("Client secret", AreaConnectedApps), Crumbs: []Crumb{{Text: "Connected Apps", Href: "/connected-apps"}, {Text: hostile, Href: "/connected-apps/x"}},
		Title: "New secret of " + hostile, Secret: "kQ2v-7hWb0yT9nR4sLxE1uJpZcA8mDf3GiVoN6tKqYw_Sd9c07", Lost: "Lost it? Cancel the rotation, and make another one.", Done: "/connected-apps/x/secret",
		Facts: []Fact{{Label: "Name", Value: hostile}, {Label: "Client id", Value: sampleClient, ID: true}},
	}
	m.Frame.Rotation = &RotationNotice{LastFour: "a1f4", NextLastFour: "9c07"}
	return m
}

func sampleClientRotation(next string) ClientRotationPage {
	m := ClientRotationPage{
		Frame: sampleFrame("Client secret", AreaConnectedApps), Title: "Client secret", Rotation: sampleRotation(next), Back: "/connected-apps/x",
		Facts: []Fact{{Label: "Name", Value: hostile}},
	}
	if next != "" {
		m.Frame.Rotation = &RotationNotice{LastFour: "a1f4", NextLastFour: next, Href: "/connected-apps/x/secret"}
	}
	return m
}

func sampleNoSecret() ClientRotationPage {
	m := sampleClientRotation("")
	m.Rotation, m.None = nil, "A public client has none."
	return m
}

// sampleClientSecrets are the pages of a client's secret.
func sampleClientSecrets(out map[string]templ.Component) {
	out["client-secret"] = ClientSecret(sampleClientSecret())
	out["client-rotation-idle"] = ClientRotation(sampleClientRotation(""))
	out["client-rotation-half"] = ClientRotation(sampleClientRotation("9c07"))
	out["client-rotation-none"] = ClientRotation(sampleNoSecret())
	denied := sampleClientRotation("9c07")
	denied.Rotation.Permission = &samplePermission
	out["client-rotation-denied"] = ClientRotation(denied)
}
