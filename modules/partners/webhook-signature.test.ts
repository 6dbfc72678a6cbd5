import { createPublicKey, verify } from 'node:crypto'

import { sm2 } from 'sm-crypto-v2'
import { expect, it } from 'vitest'

import { seededRandom } from '../../kernel/random.ts'
import { createSeal } from '../../platform/seal.ts'
import { createPlatformKey } from './platform-key.ts'
import { newWebhookSecret, webhookHeaders } from './webhook-signature.ts'

const sealOf = (byte: number) => createSeal(new Uint8Array(32).fill(byte), seededRandom('seal'))
const platformKey = createPlatformKey(sealOf(7))

// Source: the example of the Standard Webhooks document.
const MESSAGE = {
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  sentAt: new Date(1_614_265_330_000),
  body: '{"test": 2432232314}',
}
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

it('signs the published example as it is published', () => {
  expect(webhookHeaders(MESSAGE, [SECRET], null)).toEqual({
    'webhook-id': MESSAGE.id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  })
})

it('makes secrets of 32 bytes, each another', () => {
  const random = seededRandom('secrets')
  const [a, b] = [newWebhookSecret(random), newWebhookSecret(random)]
  expect(a).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  expect(a).not.toBe(b)
})

it.each(['ed25519', 'sm2'] as const)(
  'is signed by the platform’s %s key too, where that is wished',
  (algorithm) => {
    const key = platformKey[algorithm]
    const headers = webhookHeaders(MESSAGE, [SECRET, newWebhookSecret(seededRandom('x'))], {
      algorithm,
      key,
    })
    const parts = (headers['webhook-signature'] ?? '').split(' ')
    expect(parts).toHaveLength(3)
    expect(headers['webhook-key-id']).toBe(key.keyId)
    const [version, signature = ''] = (parts.at(-1) ?? '').split(',')
    expect(version).toBe({ ed25519: 'v1a', sm2: 'v1sm' }[algorithm])
    const bytes = Buffer.from(signature, 'base64')
    const isGenuine = (text: string) =>
      algorithm === 'ed25519'
        ? verify(null, Buffer.from(text), createPublicKey(key.publicKey), bytes)
        : sm2.doVerifySignature(text, bytes.toString('hex'), key.publicKey, SM2)
    expect(isGenuine(`${MESSAGE.id}.1614265330.${MESSAGE.body}`)).toBe(true)
    expect(isGenuine(`${MESSAGE.id}.1614265331.${MESSAGE.body}`)).toBe(false)
  },
)

const SM2 = { hash: true, der: true, userId: '1234567812345678' }

it('has the same keys in every process, and others under another master key', () => {
  const [again, other] = [createPlatformKey(sealOf(7)), createPlatformKey(sealOf(8))]
  for (const algorithm of ['ed25519', 'sm2'] as const) {
    expect(again[algorithm].publicKey).toBe(platformKey[algorithm].publicKey)
    expect(other[algorithm].keyId).not.toBe(platformKey[algorithm].keyId)
  }
})
