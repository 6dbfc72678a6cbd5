import { createPublicKey, type KeyObject, verify } from 'node:crypto'

import { assert } from '../../../../../kernel/assert.ts'
import type { Raw } from '../fields.ts'

/** A form as it came: names as they are written, `a[0].b` among them. */
export type Form = ReadonlyMap<string, string>

/** Null for what is no form, or names a field twice. */
export function readForm(body: Buffer, contentType: string): Form | null {
  if (!contentType.toLowerCase().startsWith('application/x-www-form-urlencoded')) return null
  const form = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(body.toString('utf8'))) {
    if (form.has(name) || form.size >= MAX_FIELDS) return null
    form.set(name, value)
  }
  return form.size > 0 ? form : null
}

const MAX_FIELDS = 2_000

/** Each non-empty field but `sign` and `sign_type`, sorted by name, as `name=value&`, the last one too. */
const signedTextOf = (form: Form): string =>
  [...form]
    .filter(([name, value]) => name !== 'sign' && name !== 'sign_type' && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}&`)
    .join('')

/** RSA with SHA-1, as the product has it. */
export function isSigned(form: Form, publicKey: KeyObject): boolean {
  const signature = form.get('sign') ?? ''
  if (form.get('sign_type') !== 'RSA' || !/^[A-Za-z0-9+/]{342}==$/.test(signature)) return false
  const text = Buffer.from(signedTextOf(form), 'utf8')
  return verify('sha1', text, publicKey, Buffer.from(signature, 'base64'))
}

/** Errors: asserts on a key that is not RSA of 2048 bits. */
export function readPublicKey(pem: string): KeyObject {
  const key = createPublicKey(pem)
  const isRsa = key.asymmetricKeyType === 'rsa'
  assert(isRsa && key.asymmetricKeyDetails?.modulusLength === 2_048, 'the key is RSA of 2048 bits')
  return key
}

/** Puts `a[0].b` back into lists; null when a list has a gap or a name is neither. */
export function unflattened(form: Form): Raw | null {
  const fields: Record<string, unknown> = {}
  const lists = new Map<string, Map<number, Record<string, string>>>()
  for (const [name, value] of form) {
    const part = /^([A-Za-z]\w*)\[(\d{1,3})\]\.([A-Za-z]\w*)$/.exec(name)
    if (!part) {
      if (!/^[A-Za-z]\w*$/.test(name)) return null
      fields[name] = value
      continue
    }
    const [, list = '', index = '', field = ''] = part
    const groups = lists.get(list) ?? new Map<number, Record<string, string>>()
    lists.set(list, groups)
    groups.set(Number(index), { ...groups.get(Number(index)), [field]: value })
  }
  for (const [name, groups] of lists) {
    const places = [...groups.keys()].sort((a, b) => a - b)
    if (Object.hasOwn(fields, name) || places.some((place, i) => place !== i)) return null
    fields[name] = places.map((place) => groups.get(place))
  }
  return fields
}
