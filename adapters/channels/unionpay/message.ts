// The form of UnionPay's messages: names and values, sent as a form and answered as plain text.

export type Fields = Readonly<Record<string, string>>

/** What is sent: every name and value encoded. */
export const toForm = (fields: Fields): string => new URLSearchParams(fields).toString()

/**
 * Reads an answer: 'a=1&b=2' with nothing encoded, so that a certificate keeps its line ends and its '+'. A
 * value that begins with '{' ends with its '}', whatever stands in it. Null for anything else.
 */
export function readAnswer(text: string): Fields | null {
  const fields = new Map<string, string>()
  for (const pair of pairsOf(text)) {
    const at = pair.indexOf('=')
    const name = pair.slice(0, at)
    if (at < 1 || !isName(name) || fields.has(name)) return null
    fields.set(name, pair.slice(at + 1))
  }
  return fields.size === 0 ? null : Object.fromEntries(fields)
}

/** Reads a form, as notices come. Null when a name stands twice or is none. */
export function readForm(body: string): Fields | null {
  const fields = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(body)) {
    if (!isName(name) || fields.has(name)) return null
    fields.set(name, value)
  }
  return fields.size === 0 ? null : Object.fromEntries(fields)
}

/** UTF-8 or nothing: a text read with replacements would be checked against another signature. */
export function decodeUtf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

const isName = (text: string): boolean => /^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(text)

function pairsOf(text: string): string[] {
  const pairs: string[] = []
  let start = 0
  while (start <= text.length) {
    const equals = text.indexOf('=', start)
    const isBraced = equals >= 0 && text[equals + 1] === '{'
    const from = isBraced ? endOfBraces(text, equals + 1) : start
    const end = text.indexOf('&', from)
    pairs.push(end < 0 ? text.slice(start) : text.slice(start, end))
    if (end < 0) break
    start = end + 1
  }
  return pairs
}

/** The index after the '}' that closes the '{' at `start`; the end of the text when none does. */
function endOfBraces(text: string, start: number): number {
  let depth = 0
  for (let i = start; i < text.length; i++) {
    if (text[i] === '{') depth += 1
    else if (text[i] === '}') depth -= 1
    if (depth === 0) return i + 1
  }
  return text.length
}
