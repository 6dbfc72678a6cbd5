import type { Answer, Context } from './context.ts'
import { checkValue, mac, seal } from './security.ts'
import { macBytesOf, macFieldOf, type WireMessage } from './wire.ts'

// Terminals, their shifts and their keys.

export type Shift = { pinKey: Buffer; macKey: Buffer; batch: string }

/** The keys of the last sign-in; null before the first. */
export function shiftOf({ store }: Context, terminal: string): Shift | null {
  const row = store.get<{ pin_key: string | null; mac_key: string | null; batch: number }>(
    'select pin_key, mac_key, batch from terminal where id = ?',
    [terminal],
  )
  if (!row?.pin_key || !row.mac_key) return null
  return {
    pinKey: Buffer.from(row.pin_key, 'hex'),
    macKey: Buffer.from(row.mac_key, 'hex'),
    batch: batchText(row.batch),
  }
}

/** 0800: new keys under the master key, each with its check value, and the batch in which the shift counts. */
export function signIn(context: Context, terminal: string): Answer {
  const { store, random } = context
  const masterKey = context.masterKeys.get(terminal)
  if (!masterKey) return { code: '97' }
  const [pinKey, macKey] = [Buffer.from(random.bytes(16)), Buffer.from(random.bytes(16))]
  store.run(
    `insert into terminal (id, pin_key, mac_key, batch) values (?, ?, ?, 1)
     on conflict (id) do update set pin_key = excluded.pin_key, mac_key = excluded.mac_key`,
    [terminal, pinKey.toString('hex'), macKey.toString('hex')],
  )
  const sent = [pinKey, macKey].flatMap((key) => [seal(masterKey, key), checkValue(key)])
  const batch = batchText(currentBatch(context, terminal))
  const keys = Buffer.concat(sent).toString('hex').toUpperCase()
  return { code: '00', fields: { 60: `00${batch}003`, 62: keys } }
}

export const currentBatch = ({ store }: Context, terminal: string): number =>
  store.get<{ batch: number }>('select batch from terminal where id = ?', [terminal])?.batch ?? 1

export const batchText = (batch: number): string => String(batch).padStart(6, '0')

/** Ends the shift, as a bank does that changes its keys: the terminal must sign in again. */
export const endShift = ({ store }: Context, terminal: string): void =>
  store.run('update terminal set pin_key = null, mac_key = null where id = ?', [terminal])

/** Other keys than the terminal knows, so that its MAC is wrong. */
export function replaceKeys({ store, random }: Context, terminal: string): void {
  const [pinKey, macKey] = [random.bytes(16), random.bytes(16)].map((key) =>
    Buffer.from(key).toString('hex'),
  )
  store.run('update terminal set pin_key = ?, mac_key = ? where id = ?', [
    pinKey ?? '',
    macKey ?? '',
    terminal,
  ])
}

export function hasRightMac(
  { dialect, macKind }: Context,
  shift: Shift,
  message: WireMessage,
  body: Buffer,
): boolean {
  const covered = body.subarray(0, body.length - macBytesOf(dialect))
  return message.fields.get(macFieldOf(dialect)) === mac(macKind, shift.macKey, covered)
}

/** The last field of the message, over all before it. */
export function macFor({ dialect, macKind }: Context, shift: Shift, body: Buffer): Buffer {
  const covered = body.subarray(0, body.length - macBytesOf(dialect))
  const digits = mac(macKind, shift.macKey, covered)
  return dialect === 'columns' ? Buffer.from(digits) : Buffer.from(digits, 'hex')
}
