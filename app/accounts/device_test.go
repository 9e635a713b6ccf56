package accounts_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ruche/app"
	"ruche/app/apptest"
)

// device is an authenticator as WebAuthn describes it, with one key. A test bends it to lie.
type device struct {
	t      *testing.T
	key    *ecdsa.PrivateKey
	id     []byte
	handle []byte // of the account, as the house gave it
	count  uint32
	origin string
	flags  byte
}

// Flags of what a device says about the person: there, and recognised by it.
const (
	present  = 1
	verified = 4
	attested = 64
)

func newDevice(t *testing.T, site *apptest.Site) *device {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &device{t: t, key: key, id: []byte(rand.Text()), origin: site.Config.BaseURL, flags: present | verified}
}

// named gives a house a name, which passkeys want: its number is none.
func named(config *app.Config, _ *app.Options) {
	config.BaseURL = strings.Replace(config.BaseURL, "127.0.0.1", "localhost", 1)
}

// options are what a house asks a device.
type options struct {
	PublicKey struct {
		Challenge string
		RPID      string `json:"rpId"`
		RP        struct{ ID string }
		User      struct{ ID, Name string }

		UserVerification       string
		AuthenticatorSelection struct{ UserVerification, ResidentKey string }
		ExcludeCredentials     []struct{ ID string }
		AllowCredentials       []struct{ ID string }
	}
}

// ask fetches what the house asks.
func ask(t *testing.T, client *apptest.Client, path string) (o options) {
	t.Helper()
	answer := client.Post(path, nil).Status(http.StatusOK)
	if err := json.Unmarshal([]byte(answer.Text), &o); err != nil {
		t.Fatalf("%v\n%s", err, answer.Text)
	}
	return o
}

func (d *device) clientData(kind, challenge string) []byte {
	raw, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": d.origin, "crossOrigin": false})
	if err != nil {
		d.t.Fatal(err)
	}
	return raw
}

func (d *device) data(flags byte) []byte {
	u, err := url.Parse(d.origin)
	if err != nil {
		d.t.Fatal(err)
	}
	d.count++
	house := sha256.Sum256([]byte(u.Hostname()))
	return binary.BigEndian.AppendUint32(append(house[:], flags), d.count)
}

func encoded(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

// make answers the question for a new key.
func (d *device) make(o options) string {
	d.t.Helper()
	var err error
	if d.handle, err = base64.RawURLEncoding.DecodeString(o.PublicKey.User.ID); err != nil {
		d.t.Fatal(err)
	}
	public, err := d.key.PublicKey.Bytes()
	if err != nil {
		d.t.Fatal(err)
	}
	// The formats of RFC 9052 and WebAuthn, in CBOR by hand: a key on P-256 for ES256, and no attestation.
	key := append([]byte{0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20}, public[1:33]...)
	key = append(append(key, 0x22, 0x58, 0x20), public[33:]...)
	data := append(d.data(d.flags|attested), make([]byte, 16)...)
	data = append(append(append(data, 0, byte(len(d.id))), d.id...), key...)
	var object bytes.Buffer
	object.WriteString("\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58")
	object.WriteByte(byte(len(data)))
	object.Write(data)
	return d.answer(map[string]string{"clientDataJSON": encoded(d.clientData("webauthn.create", o.PublicKey.Challenge)), "attestationObject": encoded(object.Bytes())})
}

// sign answers the question who is there.
func (d *device) sign(o options) string {
	d.t.Helper()
	client, data := d.clientData("webauthn.get", o.PublicKey.Challenge), d.data(d.flags)
	digest := sha256.Sum256(client)
	digest = sha256.Sum256(append(bytes.Clone(data), digest[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, d.key, digest[:])
	if err != nil {
		d.t.Fatal(err)
	}
	return d.answer(map[string]string{"clientDataJSON": encoded(client), "authenticatorData": encoded(data), "signature": encoded(signature), "userHandle": encoded(d.handle)})
}

func (d *device) answer(response map[string]string) string {
	raw, err := json.Marshal(map[string]any{"id": encoded(d.id), "rawId": encoded(d.id), "type": "public-key", "response": response, "clientExtensionResults": map[string]any{}})
	if err != nil {
		d.t.Fatal(err)
	}
	return string(raw)
}

// add puts the device's key into somebody's account.
func (d *device) add(client *apptest.Client, name string) *apptest.Answer {
	d.t.Helper()
	return client.Post("/account/passkeys", apptest.Form{"passkey_name": name, "credential": d.make(ask(d.t, client, "/account/passkeys/challenge"))})
}

// enter signs in with the device's key.
func (d *device) enter(client *apptest.Client) *apptest.Answer {
	d.t.Helper()
	return client.Post("/sign-in/passkey", apptest.Form{"credential": d.sign(ask(d.t, client, "/sign-in/passkey/challenge")), "next": "/account"})
}
