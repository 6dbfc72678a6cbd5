/** One step of a call, as the test bench shows it. Texts only, secrets and personal data masked. */
export type ExplainStep = {
  operation: string // 'charge.qr_code', 'queryRefund', 'notice'
  step:
    | 'mapping' // what was asked, and the body made of it
    | 'seal'
    | 'envelope'
    | 'signature' // the very text that was signed
    | 'request'
    | 'response'
    | 'proof' // the very text whose signature was checked
    | 'open'
    | 'reading' // what the answer was read as
    | 'result'
  fields: Readonly<Record<string, string>>
}

export type Explain = (step: ExplainStep) => void

const MAX_FIELD = 20_000
const SHORTEST_SECRET = 4

/** Masks what must not be seen: the values of secrets, wherever they stand, and the fields that are named. */
export function createMask(masked: readonly string[] | undefined, secrets: readonly string[]) {
  const fields = new Set(masked)
  const known = secrets
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
    .filter((secret) => secret.length >= SHORTEST_SECRET)
  return { text: maskText, document: maskDocument }

  /** `personal`: values that must not be seen in this call: the payer's account, the digits of a barcode. */
  function maskText(text: string, personal: readonly (string | null)[] = []): string {
    const all = [...known, ...personal.filter((value) => value !== null && value !== '')]
    const masked = all.reduce<string>(
      (rest, value) => (value === null ? rest : rest.replaceAll(value, hint(value, known))),
      maskJson(text) ?? maskForm(text),
    )
    return masked.slice(0, MAX_FIELD)
  }

  function maskDocument(document: unknown, personal: readonly (string | null)[] = []): string {
    return maskText(JSON.stringify(document) ?? '', personal)
  }

  function maskJson(text: string): string | null {
    if (fields.size === 0 || !/^\s*[{[]/.test(text)) return null
    try {
      return JSON.stringify(JSON.parse(text), (key, value: unknown) =>
        fields.has(key) && (typeof value === 'string' || typeof value === 'number') ? '***' : value,
      )
    } catch {
      return null // no JSON, or nested past what the stack holds
    }
  }

  function maskForm(text: string): string {
    return text.replaceAll(/(^|[?&])([^=&\s]{1,64})=([^&\s]*)/g, (whole, before, name: string) =>
      fields.has(name) ? `${before}${name}=***` : whole,
    )
  }
}

export type Mask = ReturnType<typeof createMask>

/** A secret leaves nothing; an account leaves enough to recognise it. */
const hint = (value: string, secrets: readonly string[]): string =>
  secrets.includes(value) ? '***' : `${value.slice(0, 4)}***`
