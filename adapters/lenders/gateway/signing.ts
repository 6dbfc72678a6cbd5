import { type KeyObject, sign, verify } from 'node:crypto'

export type SignType = 'RSA' | 'RSA2'

type Form = Readonly<Record<string, string>>

/** The form with its signature: over every field that is not empty, by name. Empty fields are left out. */
export function signForm(form: Form, signType: SignType, key: KeyObject): URLSearchParams {
  const pairs = Object.entries(form)
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const text = pairs.map(([name, value]) => `${name}=${value}`).join('&')
  const signature = sign(algorithmOf(signType), Buffer.from(text), key).toString('base64')
  return new URLSearchParams([...pairs, ['sign', signature], ['sign_type', signType]])
}

/** Whether an answer is the bank's, to the request of this flow number and no other. */
export function isProven(
  key: KeyObject,
  signType: SignType,
  answer: { headers: Readonly<Record<string, unknown>>; bytes: Buffer; flowId: string },
): boolean {
  const { 'x-sign': signature, 'x-sign-type': named } = answer.headers
  if (typeof signature !== 'string' || named !== signType) return false
  const text = Buffer.concat([Buffer.from(`${answer.flowId}\n`), answer.bytes])
  return verify(algorithmOf(signType), text, key, Buffer.from(signature, 'base64'))
}

const algorithmOf = (signType: SignType) => (signType === 'RSA' ? 'RSA-SHA1' : 'RSA-SHA256')
