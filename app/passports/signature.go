package passports

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"ruche/models"
)

// passport is what the house vouches for: what is recorded of somebody on a day.
type passport struct {
	Person        string                `json:"person"`
	House         string                `json:"house"`
	Address       string                `json:"address"`
	MadeAt        time.Time             `json:"made_at"`
	Note          string                `json:"note"`
	Contributions []models.Contribution `json:"contributions"`
}

// document is the file: the passport with the signature of the house, over its bytes without white space.
type document struct {
	Passport  json.RawMessage `json:"passport"`
	Signature signature       `json:"signature"`
}

type signature struct {
	Algorithm string `json:"algorithm"`
	PublicKey string `json:"public_key"`
	Value     string `json:"value"`
}

// algorithm is how passports are signed; purpose stands before what is signed, so that the signature is good for nothing else.
const (
	algorithm = "Ed25519"
	purpose   = "ruche passport 1\n"
)

// errNoPassport is of a file that is no signed passport.
var errNoPassport = errors.New("no signed passport")

// sign makes the file of a passport.
func sign(p *passport, key *models.HouseKey) ([]byte, error) {
	raw, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	value, err := key.Sign(append([]byte(purpose), raw...))
	if err != nil {
		return nil, err
	}
	return json.MarshalIndent(document{raw, signature{algorithm, key.PublicKey, value}}, "", "  ")
}

// Verdict is what a file says of itself, once its signature is found to be right.
type Verdict struct {
	Person  string
	House   string
	Address string // of the house
	MadeAt  time.Time
	Key     string // that signed it
	Known   bool   // it is one of the keys that were asked for
}

// Verify tells who signed a file. A file that is changed, or none, is an error. Anybody can sign with a key of their own in the name of
// any house: what counts is whether the key is known.
func Verify(file []byte, known []string) (*Verdict, error) {
	var d document
	if err := json.Unmarshal(file, &d); err != nil || len(d.Passport) == 0 {
		return nil, errNoPassport
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, d.Passport); err != nil {
		return nil, errNoPassport
	}
	key, errKey := base64.StdEncoding.DecodeString(d.Signature.PublicKey)
	value, errValue := base64.StdEncoding.DecodeString(d.Signature.Value)
	if errKey != nil || errValue != nil || d.Signature.Algorithm != algorithm || len(key) != ed25519.PublicKeySize {
		return nil, errNoPassport
	}
	if !ed25519.Verify(key, append([]byte(purpose), compact.Bytes()...), value) {
		return nil, ErrChanged
	}
	var p passport
	if err := json.Unmarshal(d.Passport, &p); err != nil {
		return nil, fmt.Errorf("%w: %w", errNoPassport, err)
	}
	verdict := &Verdict{Person: p.Person, House: p.House, Address: p.Address, MadeAt: p.MadeAt, Key: d.Signature.PublicKey}
	for _, one := range known {
		verdict.Known = verdict.Known || one == verdict.Key
	}
	return verdict, nil
}

// ErrChanged is of a passport whose signature does not fit what it says.
var ErrChanged = errors.New("the file was changed after it was signed")
