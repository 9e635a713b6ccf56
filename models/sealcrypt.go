package models

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"
)

// sealWork is the cost of trying a passphrase, as a power of two: 64 MB of memory, and a quarter of a second or so.
const sealWork = 16

// ErrPassphrase says that a passphrase is not that of a key.
var ErrPassphrase = errors.New("wrong passphrase")

// NewSealSecret makes a key of a keeper: what is sealed for it, and what opens that, encrypted with the passphrase. It is slow on purpose.
func NewSealSecret(passphrase string) (recipient, secret string, err error) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return "", "", fmt.Errorf("make a seal key: %w", err)
	}
	lock, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return "", "", fmt.Errorf("make a seal key: %w", err)
	}
	lock.SetWorkFactor(sealWork)
	secret, err = encrypt([]byte(identity.String()), lock)
	return identity.Recipient().String(), secret, err
}

// SealOpener takes off the encryption for one key.
type SealOpener struct{ identity *age.X25519Identity }

// UnlockSealSecret opens the secret of a key with its passphrase: ErrPassphrase with any other one. It is slow on purpose.
func UnlockSealSecret(secret, passphrase string) (*SealOpener, error) {
	lock, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return nil, ErrPassphrase
	}
	lock.SetMaxWorkFactor(sealWork)
	text, err := decrypt(secret, lock)
	if err != nil {
		return nil, ErrPassphrase
	}
	identity, err := age.ParseX25519Identity(string(text))
	if err != nil {
		return nil, fmt.Errorf("read a seal key: %w", err)
	}
	return &SealOpener{identity}, nil
}

// open takes the encryption off.
func (o *SealOpener) open(sealed string) ([]byte, error) { return decrypt(sealed, o.identity) }

// sealFor encrypts for the key of a recipient.
func sealFor(recipient string, plain []byte) (string, error) {
	key, err := age.ParseX25519Recipient(recipient)
	if err != nil {
		return "", fmt.Errorf("read a recipient: %w", err)
	}
	return encrypt(plain, key)
}

func encrypt(plain []byte, key age.Recipient) (string, error) {
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, key)
	if err == nil {
		_, err = w.Write(plain)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return "", fmt.Errorf("encrypt: %w", err)
	}
	return base64.StdEncoding.EncodeToString(sealed.Bytes()), nil
}

func decrypt(sealed string, key age.Identity) ([]byte, error) {
	r, err := age.Decrypt(base64.NewDecoder(base64.StdEncoding, bytes.NewReader([]byte(sealed))), key)
	if err != nil {
		return nil, fmt.Errorf("decrypt: %w", err)
	}
	return io.ReadAll(r)
}

// sealed is who is behind a mask, as it is sealed: always of the same length, and bound to the mask, so that no seal passes for
// that of another idea. Nothing but the number of the account is in it: what is erased of a person is erased of it too.
func sealed(maskID, userID int64) []byte { return fmt.Appendf(nil, "%020d %020d", maskID, userID) }

// unsealed is the account in a seal of a mask.
func unsealed(plain []byte, maskID int64) (userID int64, err error) {
	var mask int64
	if _, err := fmt.Sscanf(string(plain), "%d %d", &mask, &userID); err != nil {
		return 0, fmt.Errorf("read a seal: %w", err)
	}
	if mask != maskID {
		return 0, fmt.Errorf("seal of mask %d at mask %d", mask, maskID)
	}
	return userID, nil
}
