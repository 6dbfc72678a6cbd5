import { Compile } from 'typebox/compile'

import { readText } from '../../../platform/descriptor/descriptor-text.ts'
import type { Problem } from '../../../platform/descriptor/problem.ts'
import { schemaProblems } from '../../../platform/descriptor/schema-problems.ts'
import { checkExpressions } from './check-expressions.ts'
import { checkOperations } from './check-operations.ts'
import { checkParameters } from './check-parameters.ts'
import { checkProofs } from './check-proofs.ts'
import { checkStatement } from './check-statement.ts'
import { type Descriptor, DescriptorSchema } from './schema.ts'

export type { Problem } from '../../../platform/descriptor/problem.ts'

/** Everything that is wrong with a descriptor, in the order of its text. Empty when it may be used. */
export const checkDescriptor = (text: string): Problem[] => {
  const read = readDescriptor(text)
  return read.outcome === 'read' ? [] : read.problems
}

export type ReadDescriptor =
  | { outcome: 'read'; descriptor: Descriptor }
  | { outcome: 'wrong'; problems: Problem[] }

const MAX_PROBLEMS = 200

const Schema = Compile(DescriptorSchema)
const isDescriptor = (value: unknown): value is Descriptor => Schema.Check(value)

/** Reads YAML or JSON: form, names, keys, tables, and every request made once with samples in its place. */
export function readDescriptor(text: string): ReadDescriptor {
  const { value, problems, placeOf } = readText(text)
  if (problems.length > 0) return { outcome: 'wrong', problems }
  const found = isDescriptor(value) ? meaningProblems(value) : schemaProblems(Schema.Errors(value))
  if (isDescriptor(value) && found.length === 0) return { outcome: 'read', descriptor: value }
  // What stands in the wire is wrong for every operation, and told once.
  const different = new Map(found.map((each) => [`${each.pointer} ${each.en}`, each]))
  const placed = [...different.values()].map((each) => ({ ...each, ...placeOf(each.pointer) }))
  const inOrder = placed.sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
  return { outcome: 'wrong', problems: inOrder.slice(0, MAX_PROBLEMS) }
}

/** What the form allows and makes no sense. */
const meaningProblems = (descriptor: Descriptor): Problem[] => [
  ...checkParameters(descriptor),
  ...checkProofs(descriptor),
  ...checkOperations(descriptor),
  ...checkStatement(descriptor),
  ...checkExpressions(descriptor),
]
