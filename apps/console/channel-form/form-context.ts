import { createContext, useContext } from 'react'

import type { components } from '../../../contract/hub.d.ts'
import { assert } from '../../../kernel/assert.ts'
import { type Path, pointerOf } from './form-schema.ts'

export type DescriptorProblem = components['schemas']['DescriptorProblem']

/** What every field of the form works with. */
export type FormContextValue = {
  value: unknown
  problems: ReadonlyMap<string, readonly DescriptorProblem[]>
  change: (path: Path, value: unknown) => void
}

export const FormContext = createContext<FormContextValue | null>(null)

export function useForm(): FormContextValue {
  const form = useContext(FormContext)
  assert(form, 'a field stands in the form')
  return form
}

export const useProblemsAt = (path: Path): readonly DescriptorProblem[] =>
  useForm().problems.get(pointerOf(path)) ?? []

/** By their place, in the order in which they were told. */
export function problemsByPointer(problems: readonly DescriptorProblem[]) {
  const found = new Map<string, DescriptorProblem[]>()
  for (const problem of problems) {
    found.set(problem.pointer, [...(found.get(problem.pointer) ?? []), problem])
  }
  return found
}

export const fieldId = (path: Path): string => `field${pointerOf(path)}`
