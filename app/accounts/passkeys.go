package accounts

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"ruche/app/mail"
	"ruche/app/web"
	"ruche/models"
	"ruche/views/i18n"
)

// challengeLife is how long someone may take to find their key.
const challengeLife = 5 * time.Minute

// Why a passkey does not let someone in, or is not taken.
var (
	errPasskeyOld     = errors.New("the challenge is unknown, used or too old")
	errPasskeyInvalid = errors.New("the passkey's answer does not hold")
	errPasskeyCopied  = errors.New("there may be a copy of the passkey")
	errPasskeyBound   = errors.New("the person comes in through the company's provider")
)

// newPasskeys returns what checks passkeys; nil where browsers know none: they want a name, not a number, and TLS unless it
// is this machine.
func newPasskeys(w *web.Web) *webauthn.WebAuthn {
	host := w.BaseURL.Hostname()
	if net.ParseIP(host) != nil || w.BaseURL.Scheme != "https" && host != "localhost" && !strings.HasSuffix(host, ".localhost") {
		return nil
	}
	keys, err := webauthn.New(&webauthn.Config{
		RPID: host, RPDisplayName: w.Company, RPOrigins: []string{w.BaseURL.Scheme + "://" + w.BaseURL.Host}, AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			RequireResidentKey: protocol.ResidentKeyRequired(), ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired,
		},
	})
	if err != nil {
		return nil // a host that no browser takes for a name
	}
	return keys
}

// holder is a person as their devices know them.
type holder struct {
	user *models.User
	once int64 // the account that the key was made for, if that has gone into theirs since; 0 if it was made for theirs
	keys []webauthn.Credential
}

// WebAuthnID is the number of the account: nothing that says who it is.
func (h holder) WebAuthnID() []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(cmp.Or(h.once, h.user.ID)))
}

// knownBy lets a device know the person by the account that its key was made for, if that has gone into theirs.
func (h *holder) knownBy(tx *models.Tx, handle []byte) error {
	if len(handle) != len(h.WebAuthnID()) {
		return nil // the check that follows refuses it
	}
	id := int64(binary.BigEndian.Uint64(handle))
	into, err := tx.MergedInto(tx.Context(), id)
	if errors.Is(err, models.ErrNotFound) {
		return nil
	}
	if err == nil && into == h.user.ID {
		h.once = id
	}
	return err
}

// WebAuthnName tells several accounts on one device apart.
func (h holder) WebAuthnName() string {
	if h.user.Email != "" {
		return h.user.Email
	}
	return h.user.Name
}

// WebAuthnDisplayName is how the person is called.
func (h holder) WebAuthnDisplayName() string { return h.user.Name }

// WebAuthnCredentials are the keys that may sign.
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

func held(user *models.User, keys ...models.Passkey) (*holder, error) {
	h := &holder{user: user}
	for _, key := range keys {
		var credential webauthn.Credential
		if err := json.Unmarshal([]byte(key.Credential), &credential); err != nil {
			return nil, fmt.Errorf("read passkey %d: %w", key.ID, err)
		}
		h.keys = append(h.keys, credential)
	}
	return h, nil
}

// credentialID is how a device's name for a key is stored.
func credentialID(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

// mayUsePasskeys tells whether a person may come in by a key of their own. Whoever is bound to a provider has left it to
// the company who gets in, unless it lets everyone past it.
func (f *Accounts) mayUsePasskeys(identities []models.Identity) bool {
	return f.passkeys != nil && (len(identities) == 0 || f.options.MagicLinks == LinksAll)
}

// BeginPasskey returns what a device is asked in order to make a key for the actor, and the secret of that question.
func (f *Accounts) BeginPasskey(ctx context.Context, actor *models.Actor) (options any, secret string, err error) {
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		identities, err := tx.Identities(ctx, actor.ID)
		if err != nil {
			return err
		}
		if !f.mayUsePasskeys(identities) {
			return models.ErrForbidden
		}
		keys, err := tx.Passkeys(ctx, actor.ID)
		if err != nil {
			return err
		}
		h, err := held(&models.User{ID: actor.ID, Name: actor.Name, Email: actor.Email}, keys...)
		if err != nil {
			return err
		}
		creation, session, err := f.passkeys.BeginRegistration(h, webauthn.WithExclusions(webauthn.Credentials(h.keys).CredentialDescriptors()))
		if err != nil {
			return fmt.Errorf("ask for a passkey: %w", err)
		}
		options = creation
		secret, err = keep(tx, session)
		return err
	})
	return options, secret, err
}

// AddPasskey takes over the key that a device has made for the actor, and tells them by mail.
func (f *Accounts) AddPasskey(ctx context.Context, actor *models.Actor, name string, answer answer) error {
	session, err := f.take(ctx, answer.secret)
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(answer.credential))
	if err != nil {
		return fmt.Errorf("%w: %w", errPasskeyInvalid, err)
	}
	credential, err := f.passkeys.CreateCredential(holder{user: &models.User{ID: actor.ID, Name: actor.Name, Email: actor.Email}}, *session, parsed)
	if err != nil {
		return fmt.Errorf("%w: %w", errPasskeyInvalid, err)
	}
	key := &models.Passkey{UserID: actor.ID, CredentialID: credentialID(credential.ID), Name: strings.TrimSpace(name)}
	if key.Credential, err = stored(credential); err != nil {
		return err
	}
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		identities, err := tx.Identities(ctx, actor.ID)
		if err != nil {
			return err
		}
		if !f.mayUsePasskeys(identities) {
			return models.ErrForbidden
		}
		if err := tx.AddPasskey(key); err != nil {
			return err
		}
		if err := f.tellOfPasskey(tx, &models.User{Email: actor.Email, Locale: actor.Locale}, key, "signin.passkey.added"); err != nil {
			return err
		}
		return tx.Record(models.PasskeyAdded, key, nil)
	})
}

// RemovePasskey takes one of the actor's own passkeys away.
func (f *Accounts) RemovePasskey(ctx context.Context, actor *models.Actor, id int64) error {
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tx.RemovePasskey(actor.ID, id); err != nil {
			return err
		}
		return tx.Record(models.PasskeyRemoved, &models.Passkey{ID: id}, nil)
	})
}

// askPasskey returns what any device is asked in order to say who is at the door.
func (f *Accounts) askPasskey(ctx context.Context) (options any, secret string, err error) {
	assertion, session, err := f.passkeys.BeginDiscoverableLogin()
	if err != nil {
		return nil, "", fmt.Errorf("ask for a passkey: %w", err)
	}
	err = f.web.DB.Tx(ctx, nil, func(tx *models.Tx) error {
		secret, err = keep(tx, session)
		return err
	})
	return assertion, secret, err
}

// answer is what a device signed, and the secret of what it was asked.
type answer struct{ secret, credential string }

// enterByPasskey returns whom an answer lets in. A refusal leaves what it says of the key behind, an error nothing.
func (f *Accounts) enterByPasskey(ctx context.Context, answer answer) (user *models.User, err error) {
	session, err := f.take(ctx, answer.secret)
	if err != nil {
		return nil, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(answer.credential))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errPasskeyInvalid, err)
	}
	var refused error
	err = f.web.DB.Tx(ctx, nil, func(tx *models.Tx) error {
		user, refused, err = f.recognise(tx, session, parsed)
		return err
	})
	return user, errors.Join(err, refused)
}

func (f *Accounts) recognise(tx *models.Tx, session *webauthn.SessionData, parsed *protocol.ParsedCredentialAssertionData) (user *models.User, refused, err error) {
	key, user, err := tx.PasskeyOwner(credentialID(parsed.RawID))
	if errors.Is(err, models.ErrNotFound) {
		return nil, errPasskeyInvalid, nil
	}
	if err != nil {
		return nil, nil, err
	}
	h, err := held(user, *key)
	if err != nil {
		return nil, nil, err
	}
	_, credential, err := f.passkeys.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) { return h, h.knownBy(tx, handle) }, *session, parsed)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errPasskeyInvalid, err), nil
	}
	identities, err := tx.Identities(tx.Context(), user.ID)
	if err != nil {
		return nil, nil, err
	}
	switch {
	case !f.mayUsePasskeys(identities):
		return nil, errPasskeyBound, nil
	case key.SuspectAt != nil:
		return nil, errPasskeyCopied, nil
	case credential.Authenticator.CloneWarning:
		return nil, errPasskeyCopied, f.suspect(tx, user, key)
	}
	record, err := stored(credential)
	if err != nil {
		return nil, nil, err
	}
	if err := tx.UsePasskey(key.ID, record); err != nil {
		return nil, nil, err
	}
	return user, nil, nil
}

// suspect closes a key whose count went backwards, as a copy's does, and tells the person.
func (f *Accounts) suspect(tx *models.Tx, user *models.User, key *models.Passkey) error {
	if err := tx.SuspectPasskey(key.ID); err != nil {
		return err
	}
	if err := f.tellOfPasskey(tx, user, key, "signin.passkey.copied"); err != nil {
		return err
	}
	return tx.RecordBy(user.ID, models.PasskeySuspected, key, nil)
}

// tellOfPasskey sends a person the words of a key of the catalogue, if they have an address.
func (f *Accounts) tellOfPasskey(tx *models.Tx, user *models.User, key *models.Passkey, words string) error {
	if user.Email == "" {
		return nil
	}
	l := i18n.For(user.Locale)
	return f.mail.Send(tx, mail.Message{
		To: user.Email, Locale: l.Lang(), Subject: l.T(words+".subject", "company", f.web.Company), Paragraphs: []string{l.T(words+".text", "name", key.Name)},
		Action: &mail.Action{Label: l.T("accounts.account"), URL: f.mail.House() + "/account#passkeys"},
	})
}

// keep stores what a device is asked, here and not in the browser.
func keep(tx *models.Tx, session *webauthn.SessionData) (secret string, err error) {
	raw, err := json.Marshal(session)
	if err != nil {
		return "", fmt.Errorf("keep the challenge: %w", err)
	}
	return tx.KeepChallenge(string(raw), challengeLife)
}

// take finds what a device was asked. It serves once, whatever becomes of the answer.
func (f *Accounts) take(ctx context.Context, secret string) (*webauthn.SessionData, error) {
	var raw string
	err := f.web.DB.Tx(ctx, nil, func(tx *models.Tx) (err error) {
		raw, err = tx.TakeChallenge(secret)
		return err
	})
	if errors.Is(err, models.ErrNotFound) {
		return nil, errPasskeyOld
	}
	session := &webauthn.SessionData{}
	if err == nil {
		err = json.Unmarshal([]byte(raw), session)
	}
	return session, err
}

// stored is what is kept of a key: not how the device proved what it is, which nobody asked for.
func stored(credential *webauthn.Credential) (string, error) {
	bare := *credential
	bare.Attestation = webauthn.CredentialAttestation{}
	raw, err := json.Marshal(bare)
	return string(raw), err
}
