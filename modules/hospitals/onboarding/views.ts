import Type from 'typebox'

import { isSecret, type Parameter } from '../../../platform/descriptor/params.ts'
import { Instant, nullable } from '../../../platform/http/schemas.ts'
import { SCENES, STAGES } from '../rollout/terms.ts'
import { type Draft, type OnboardingStep, type ProductHead, STEP_KINDS } from './draft.ts'

const MAX_DESCRIPTOR = 262_144

export const Version = Type.Integer({ minimum: 1, maximum: 1_000_000 })
export const After = Type.Integer({ minimum: 0, maximum: 1_000_000 })
export const Texts = Type.Record(Type.String({ maxLength: 60 }), Type.String({ maxLength: 16_384 }))
const CodeTables = Type.Record(Type.String({ maxLength: 60 }), Texts)

export const CONTENT = {
  productName: Type.String({ minLength: 1, maxLength: 60 }),
  /** The descriptor's text; null for the shipped product of that name. */
  product: nullable(Type.String({ minLength: 1, maxLength: MAX_DESCRIPTOR })),
  params: Texts,
  departments: Texts,
  codes: CodeTables,
}

export const TERMS = {
  stage: Type.Enum([...STAGES]),
  scenes: Type.Array(Type.Enum([...SCENES]), { maxItems: SCENES.length, uniqueItems: true }),
  departments: nullable(
    Type.Array(Type.String({ minLength: 1, maxLength: 30 }), {
      maxItems: 2_000,
      uniqueItems: true,
    }),
  ),
  note: Type.String({ minLength: 1, maxLength: 500 }),
  /** The version of what is switched on that was seen; 0 where there is none. */
  after: After,
}

const ParameterView = Type.Object({
  name: Type.String(),
  titles: Type.Object({ zh: Type.String(), en: Type.String() }),
  format: Type.String(),
  isSecret: Type.Boolean(),
  isOptional: Type.Boolean(),
  pattern: nullable(Type.String()),
  example: nullable(Type.String()),
})

export const ProductView = Type.Object({
  name: Type.String(),
  titles: Type.Object({ zh: Type.String(), en: Type.String() }),
  parameters: Type.Array(ParameterView),
  operations: Type.Array(Type.String()),
})

export const StepView = Type.Object(
  {
    version: Version,
    no: Type.Integer(),
    kind: Type.Enum([...STEP_KINDS]),
    isGood: Type.Boolean(),
    /** By kind: tried and departments of a probe, tried of a dry run, report of the kit, terms and sha256 of going live. */
    detail: Type.Record(Type.String(), Type.Unknown()),
    actor: Type.String(),
    at: Instant,
  },
  { $id: 'OnboardingStep' },
)

export const DraftView = Type.Object(
  {
    version: Version,
    productName: Type.String(),
    product: Type.String(),
    /** Without the secrets. */
    params: Texts,
    secretsKept: Type.Array(Type.String()),
    departments: Texts,
    codes: CodeTables,
    actor: Type.String(),
    at: Instant,
  },
  { $id: 'OnboardingDraft' },
)

export const LackingView = Type.Object({ code: Type.String(), about: Type.String() })

export const ProgressView = Type.Object({
  version: Version,
  done: Type.Integer(),
  count: Type.Integer(),
  check: Type.String(),
})

export const MappingView = Type.Object({
  code: Type.String(),
  name: Type.String(),
  subjectCode: Type.String(),
  mappedTo: nullable(Type.String()),
  proposals: Type.Array(
    Type.Object({
      subjectCode: Type.String(),
      subjectName: Type.String(),
      score: Type.Number(),
      reason: Type.Enum(['subject_code', 'name']),
    }),
  ),
})

export const productViewOf = (name: string, { titles, parameters, operations }: ProductHead) => ({
  name,
  titles: { ...titles },
  parameters: parameters.map(parameterViewOf),
  operations: [...operations],
})

const parameterViewOf = (parameter: Parameter) => ({
  name: parameter.name,
  titles: { ...parameter.title },
  format: parameter.format,
  isSecret: isSecret(parameter),
  isOptional: parameter.optional ?? false,
  pattern: parameter.pattern ?? null,
  example: parameter.example ?? null,
})

/** A draft without its secrets: those are never read back. */
export function draftViewOf({ params, at, ...rest }: Draft, { parameters }: ProductHead) {
  const secret = new Set(parameters.filter(isSecret).map(({ name }) => name))
  const all = Object.entries(params)
  return {
    ...rest,
    departments: { ...rest.departments },
    codes: Object.fromEntries(
      Object.entries(rest.codes).map(([table, words]) => [table, { ...words }]),
    ),
    params: Object.fromEntries(all.filter(([name]) => !secret.has(name))),
    secretsKept: all.map(([name]) => name).filter((name) => secret.has(name)),
    at: at.toISOString(),
  }
}

export const stepViewOf = ({ detail, at, ...rest }: OnboardingStep) => ({
  ...rest,
  detail: { ...detail },
  at: at.toISOString(),
})
