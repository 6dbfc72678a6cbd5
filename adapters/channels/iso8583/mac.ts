import type { KeyStore } from './keys.ts'
import type { Message } from './packager/layout.ts'
import { bodyOf, pack } from './packager/packager.ts'
import type { Profile } from './profiles/profile.ts'
import type { WorkingKeys } from './working-keys.ts'

const MAC_BYTES = 8

/** The message with its MAC, over all that stands before it. Errors: 'iso8583.unwritable'. */
export function packWithMac(
  profile: Profile,
  message: Message,
  keys: KeyStore,
  terminal: string,
  working: WorkingKeys,
): Buffer {
  const { field, algorithm } = profile.mac
  const place = { ...message, fields: { ...message.fields, [field]: '0'.repeat(2 * MAC_BYTES) } }
  const bytes = pack(profile, place)
  const covered = coveredBy(profile, bodyOf(profile, bytes))
  const mac = asWritten(profile, keys.mac(terminal, working.mac, algorithm, covered))
  return Buffer.concat([bytes.subarray(0, bytes.length - mac.length), mac])
}

/** The MAC is there, is the last, and is right. */
export function isProven(
  profile: Profile,
  { message, bytes }: { message: Message; bytes: Buffer },
  keys: KeyStore,
  terminal: string,
  working: WorkingKeys,
): boolean {
  const { field, algorithm } = profile.mac
  const found = message.fields[field]
  if (found === undefined) return false
  const covered = coveredBy(profile, bodyOf(profile, bytes))
  const expected = keys.mac(terminal, working.mac, algorithm, covered)
  return found === expected.toString('hex').toUpperCase()
}

/** The field of the MAC is the highest of a bitmap, or the last column. */
const coveredBy = (profile: Profile, body: Buffer): Buffer =>
  body.subarray(0, body.length - asWritten(profile, Buffer.alloc(MAC_BYTES)).length)

const asWritten = ({ layout }: Profile, mac: Buffer): Buffer =>
  layout.form === 'bitmap' ? mac : Buffer.from(mac.toString('hex').toUpperCase(), 'latin1')
