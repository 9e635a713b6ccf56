package browser

import (
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// Authenticator is a device of Chromium's own making that holds passkeys and recognises its person.
type Authenticator struct {
	page *Page
	id   webauthn.AuthenticatorID
}

// Authenticator gives the page a device for passkeys, as a computer with a fingerprint reader has one.
func (p *Page) Authenticator() *Authenticator {
	p.t.Helper()
	p.must("enable passkeys", command(p.ctx, webauthn.Enable, webauthn.EnableParams{}))
	made, err := chromedp.Call(p.ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal, HasResidentKey: true, HasUserVerification: true,
		AutomaticPresenceSimulation: true, IsUserVerified: true,
	}})
	p.must("add an authenticator", err)
	return &Authenticator{p, made.AuthenticatorID}
}

// Recognises says whether the device recognises whoever uses it from now on.
func (a *Authenticator) Recognises(person bool) {
	a.page.t.Helper()
	a.page.must("change the authenticator", command[webauthn.SetUserVerifiedParams, cdp.Empty](a.page.ctx, webauthn.SetUserVerified, webauthn.SetUserVerifiedParams{AuthenticatorID: a.id, IsUserVerified: person}))
}
