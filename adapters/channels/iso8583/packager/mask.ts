import { fieldNumbersOf } from './bitmap-message.ts'
import type { Layout, Mask, Message } from './layout.ts'

const MAX_TEXT = 4_000

/**
 * A message for a trace or a log: '0200 F3=000000 F4=000000012345 F2=622202******1234'. Card data, PIN blocks, keys and
 * chip data are not in it, and what looks like a card number in a text is masked like one.
 */
export function describeMessage(layout: Layout, message: Message): string {
  const fields = fieldNumbersOf(message).map((field) => {
    const spec = layout.fields[field]
    const value = message.fields[field] ?? ''
    return `F${field}=${MASKS[spec?.mask ?? 'hidden'](value)}`
  })
  return [message.mti, ...fields].join(' ').slice(0, MAX_TEXT)
}

const MASKS: Record<Mask, (value: string) => string> = {
  open: (value) => value,
  text: maskCardNumbers,
  pan: maskPan,
  hidden: () => '***',
}

/** The first six and the last four, as banks print them. */
function maskPan(pan: string): string {
  if (pan.length < 13) return '***'
  return `${pan.slice(0, 6)}${'*'.repeat(pan.length - 10)}${pan.slice(-4)}`
}

/** A run of 13 to 19 digits may be a card number, wherever a bank puts it. */
function maskCardNumbers(text: string): string {
  return text.replaceAll(/(?<![0-9])[0-9]{13,19}(?![0-9])/g, maskPan)
}
