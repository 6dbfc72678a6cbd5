import { createHash } from 'node:crypto'

import { rawMember, textFieldsOf } from './formats.ts'
import type { SignedText } from './schema-proofs.ts'
import { fill } from './templates.ts'

/** What a signature is over. `values` fills a template, `fields` are those of the body, `body` is as on the wire. */
export type Signable = {
  values: Readonly<Record<string, string | null | undefined>>
  fields: unknown
  body: string
}

/** The text to be signed; null when something it is made of is missing. */
export function signedTextOf(description: SignedText, signable: Signable): string | null {
  switch (description.kind) {
    case 'template': {
      const { body } = signable
      const bodySha256 = createHash('sha256').update(body).digest('hex')
      return fill(description.template ?? '', { ...signable.values, body, bodySha256 })
    }
    case 'sorted_fields':
    case 'sorted_values':
      return sortedFields(description, signable.fields)
    case 'body':
      return signable.body
    case 'member':
      return rawMember(signable.body, description.memberSuffix ?? '')?.raw ?? null
  }
}

function sortedFields(
  { kind, exclude = [], keepEmpty, joiner = '&' }: SignedText,
  fields: unknown,
): string | null {
  const texts = textFieldsOf(fields)
  if (texts === null) return null
  return Object.entries(texts)
    .filter(([name, text]) => !exclude.includes(name) && (keepEmpty === true || text !== ''))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => (kind === 'sorted_values' ? text : `${name}=${text}`))
    .join(joiner)
}
