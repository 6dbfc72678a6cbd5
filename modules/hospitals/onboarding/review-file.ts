import { createHash } from 'node:crypto'

import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { parse, stringify } from 'yaml'

import { isSecret, type Parameter } from '../../../platform/descriptor/params.ts'
import { hospitalErrors } from '../errors.ts'
import type { DraftContent } from './draft.ts'

const Texts = Type.Record(Type.String({ maxLength: 60 }), Type.String({ maxLength: 16_384 }))

const FileSchema = Type.Object(
  {
    format: Type.Literal(1),
    product: Type.Object(
      {
        name: Type.String({ minLength: 1, maxLength: 60 }),
        descriptor: Type.String({ minLength: 1, maxLength: 262_144 }),
      },
      { additionalProperties: false },
    ),
    params: Texts,
    departments: Texts,
    codes: Type.Record(Type.String({ maxLength: 60 }), Texts),
  },
  { additionalProperties: false },
)

const Checked = Compile(FileSchema)

/** A draft as one file that people review: YAML, with `${secret:name}` where a secret is. */
export function reviewFile(
  { productName, product, params, departments, codes }: DraftContent,
  parameters: readonly Parameter[],
): { yaml: string; sha256: string } {
  const shown = parameters.flatMap((parameter): [string, string][] => {
    const { name } = parameter
    const value = params[name]
    if (value === undefined) return []
    return [[name, isSecret(parameter) ? placeholder(name) : value]]
  })
  const yaml = stringify(
    {
      format: 1,
      product: { name: productName, descriptor: product },
      params: Object.fromEntries(shown),
      departments,
      codes,
    },
    { lineWidth: 0 },
  )
  return { yaml, sha256: createHash('sha256').update(yaml).digest('hex') }
}

/**
 * Reads such a file; `secrets` stand where it has placeholders. Errors: hospitals.onboarding_file_wrong with what is
 * wrong, never with a value.
 */
export function readReviewFile(
  text: string,
  secrets: Readonly<Record<string, string>>,
): DraftContent {
  const value = parsed(text)
  if (!Checked.Check(value)) {
    const [first] = Checked.Errors(value)
    throw wrong(`${first?.instancePath || '/'} ${first?.message ?? 'is not of the form'}`)
  }
  const { product, params, departments, codes } = value
  const filled = Object.entries(params).map(([name, written]): [string, string] => {
    if (written !== placeholder(name)) return [name, written]
    const secret = Object.hasOwn(secrets, name) ? secrets[name] : undefined
    if (secret === undefined) throw wrong(`/params/${name} needs its secret`)
    return [name, secret]
  })
  return {
    productName: product.name,
    product: product.descriptor,
    params: Object.fromEntries(filled),
    departments,
    codes,
  }
}

const placeholder = (name: string) => `\${secret:${name}}`

const wrong = (reason: string) => hospitalErrors.onboarding_file_wrong({ reason })

function parsed(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 })
  } catch {
    throw wrong('is no YAML')
  }
}
