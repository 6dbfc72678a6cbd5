import type { RawNotice } from '../../payments/index.ts'

// Ways to spoil a genuine notice, whatever its protocol. Only letters and digits are changed, and none beside an equals
// sign: the last letter of a base64 text may carry bits that mean nothing.

const PLACES = 8

/** Copies with one byte of the body changed each, at places spread over it. */
export function withBytesFlipped(notice: RawNotice): RawNotice[] {
  const { body } = notice
  const places = [...body.keys()].filter((place) => isTelling(body, place))
  const step = Math.max(1, Math.floor(places.length / PLACES))
  return places
    .filter((_, i) => i % step === Math.floor(step / 2))
    .map((place) => ({ ...notice, body: flippedAt(body, place) }))
}

/** A copy with each header that is a signature changed in its first letter. None where the body carries it. */
export const withSignatureSpoilt = (notice: RawNotice): RawNotice[] => {
  const inHeaders = signatureHeaders(notice).map(([name, value]) => ({
    ...notice,
    headers: { ...notice.headers, [name]: `${otherLetter(value)}${value.slice(1)}` },
  }))
  const inBody = IN_BODY.flatMap(({ value }) => {
    const text = notice.body.toString('latin1')
    const match = value.exec(text)
    if (match === null) return []
    const place = match.index + match[0].length - 1
    return [{ ...notice, body: flippedAt(notice.body, place) }]
  })
  return [...inHeaders, ...inBody]
}

/** A copy without each of its signatures. */
export function withoutSignature(notice: RawNotice): RawNotice[] {
  const withoutHeaders = signatureHeaders(notice).map(([name]) => {
    const { [name]: _signature, ...headers } = notice.headers
    return { ...notice, headers }
  })
  const text = notice.body.toString('latin1')
  const withoutField = IN_BODY.map(({ whole }) => text.replace(whole, ''))
    .filter((shorter) => shorter !== text)
    .map((shorter) => ({ ...notice, body: Buffer.from(shorter, 'latin1') }))
  return [...withoutHeaders, ...withoutField]
}

const SHORTEST_SIGNATURE = 24

const signatureHeaders = ({ headers }: RawNotice): [string, string][] =>
  Object.entries(headers).flatMap(([name, value]): [string, string][] => {
    const isSignature = /sign/i.test(name) && !/type|method|version|algorithm/i.test(name)
    return isSignature && typeof value === 'string' && value.length >= SHORTEST_SIGNATURE
      ? [[name, value]]
      : []
  })

/** Where bodies carry a signature: `whole` is all of it, `value` ends with its first letter. */
const IN_BODY = [
  { whole: /(?<=^|&)sign(ature)?=[^&]*&?/i, value: /(?:^|&)sign(?:ature)?=[0-9A-Za-z]/i },
  { whole: /<(sign(ature)?)>.*?<\/\1>/is, value: /<sign(?:ature)?>(?:<!\[CDATA\[)?[0-9A-Za-z]/i },
  { whole: /"sign(ature)?"\s*:\s*"[^"]*"\s*,?/i, value: /"sign(?:ature)?"\s*:\s*"[0-9A-Za-z]/i },
]

const isLetter = (byte: number | undefined): boolean =>
  byte !== undefined && /[0-9A-Za-z]/.test(String.fromCharCode(byte))

function isTelling(body: Buffer, place: number): boolean {
  const around = body.subarray(Math.max(0, place - 3), place + 4).toString('latin1')
  return isLetter(body[place]) && !/=|%3D/i.test(around)
}

function flippedAt(body: Buffer, place: number): Buffer {
  const copy = Buffer.from(body)
  const letter = String.fromCharCode(copy[place] ?? 0)
  copy.write(otherLetter(letter), place, 'latin1')
  return copy
}

const otherLetter = (text: string) => (text.startsWith('x') ? 'y' : 'x')
