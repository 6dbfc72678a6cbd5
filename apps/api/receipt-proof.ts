import { createHash, timingSafeEqual } from 'node:crypto'

// What the code on a receipt carries, and the page that it leads to. docs/decisions/0021 says why so.

/** A keyed digest of a text, in hex: only the hub has the key. */
export type Digest = (text: string) => string

const CODE_BYTES = 16 // 128 bits: nobody guesses it by asking

/** 22 letters that only the hub makes, for the number of a payment as its receipt shows it. */
export const receiptCodeOf = (digest: Digest, paymentNo: string): string =>
  Buffer.from(digest(paymentNo), 'hex').subarray(0, CODE_BYTES).toString('base64url')

export function isReceiptCode(digest: Digest, paymentNo: string, code: string): boolean {
  const [given, right] = [Buffer.from(code), Buffer.from(receiptCodeOf(digest, paymentNo))]
  return given.length === right.length && timingSafeEqual(given, right)
}

/** What the page finds in it: a proof to check, with the number on the paper, or why there is none. */
export type Given = { no: string; proof: string } | { reason: 'notSealed' | 'unknown' }

const PLACE = '<!-- given -->'

/** The check page with the proof in it, as data: nothing is asked for when it is open. */
export const pageWith = (page: string, given: Given): string =>
  // A function, as a proof may hold what replace takes for a pattern.
  page.replace(
    PLACE,
    () => `<script type="application/json" id="given">${jsonInHtml(given)}</script>`,
  )

const jsonInHtml = (value: unknown) => JSON.stringify(value).replaceAll('<', String.raw`\u003c`)

/** Lets the page's own script run and no other, and nothing be fetched. */
export function policyOf(page: string): string {
  const [, script = ''] = /<script>([\s\S]*)<\/script>/.exec(page) ?? []
  const digest = createHash('sha256').update(script).digest('base64')
  return [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    `script-src 'sha256-${digest}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
