import { readBitmapMessage, writeBitmapMessage } from './bitmap-message.ts'
import { readColumnMessage, writeColumnMessage } from './column-message.ts'
import type { Message, Packaging } from './layout.ts'
import { packagerErrors } from './packager-error.ts'

/**
 * A message as the profile writes it, with the prefix of a frame and without its length.
 * Errors: 'iso8583.unwritable' with profile, field, offset and reason, never a value.
 */
export function pack(profile: Packaging, message: Message): Buffer {
  if (!/^[0-9]{4}$/.test(message.mti)) {
    const place = { profile: profile.name, field: 0, offset: 0 }
    throw packagerErrors.unwritable({ ...place, reason: 'is no message type' })
  }
  const { layout } = profile
  const body =
    layout.form === 'bitmap'
      ? writeBitmapMessage({ ...profile, layout }, message)
      : writeColumnMessage({ ...profile, layout }, message)
  return Buffer.concat([Buffer.from(profile.prefix, 'hex'), body])
}

/**
 * Reads one whole message. What the prefix says is not looked at: banks answer with the addresses of the TPDU
 * swapped, or not.
 *
 * Errors: 'iso8583.unreadable' with profile, field, offset (from the end of the prefix) and reason, for anything
 * that is no message of the profile; nothing else is thrown, whatever the bytes.
 */
export function unpack(profile: Packaging, bytes: Buffer): Message {
  const body = bodyOf(profile, bytes)
  const { layout } = profile
  return layout.form === 'bitmap'
    ? readBitmapMessage({ ...profile, layout }, body)
    : readColumnMessage({ ...profile, layout }, body)
}

/** The message without its prefix. */
export function bodyOf(profile: Packaging, bytes: Buffer): Buffer {
  const skipped = profile.prefix.length / 2
  if (bytes.length >= skipped) return bytes.subarray(skipped)
  const place = { profile: profile.name, field: 0, offset: 0 }
  throw packagerErrors.unreadable({ ...place, reason: 'is cut off' })
}
