import {
  type Descriptor,
  isSecret,
  type Parameter,
  readDeclarativeParams,
} from '../../../adapters/channels/declarative/index.ts'
import { AppError } from '../../../kernel/error.ts'
import type { KeptParam, KeptParams } from '../../../modules/channels/index.ts'

export type ParamProblem = { code: 'missing' | 'wrong'; reason: string }

/** One parameter as the form shows it: a secret's value never leaves the hub. */
export type ShownParam = {
  parameter: Parameter
  isSecret: boolean
  isSet: boolean
  value: string | null
  problem: ParamProblem | null
}

/**
 * The values that count for a descriptor. A value that was entered as a secret counts only while the descriptor keeps it one:
 * whoever could change its format to a plain text could else read it, or have it sent somewhere.
 */
export const valuesFor = (descriptor: Descriptor, kept: KeptParams): Record<string, string> =>
  Object.fromEntries(
    descriptor.parameters.flatMap((parameter) => {
      const value = valueOf(parameter, kept)
      return value === null ? [] : [[parameter.name, value]]
    }),
  )

function valueOf(parameter: Parameter, kept: KeptParams): string | null {
  const known = Object.hasOwn(kept, parameter.name) ? kept[parameter.name] : undefined
  if (!known || (known.isSecret && !isSecret(parameter))) return null
  return known.value
}

export const shownParams = (descriptor: Descriptor, kept: KeptParams): ShownParam[] =>
  descriptor.parameters.map((parameter) => {
    const value = valueOf(parameter, kept)
    const isOneSecret = isSecret(parameter)
    return {
      parameter,
      isSecret: isOneSecret,
      isSet: value !== null,
      value: isOneSecret ? null : value,
      problem: problemOf(descriptor, parameter, value),
    }
  })

function problemOf(
  descriptor: Descriptor,
  parameter: Parameter,
  value: string | null,
): ParamProblem | null {
  if (value === null) {
    return parameter.optional === true ? null : { code: 'missing', reason: 'is missing' }
  }
  try {
    readOne(descriptor, parameter, value)
    return null
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { code: 'wrong', reason: String(error.params['reason'] ?? '') }
  }
}

/** Errors: declarative.params_invalid with the field and what is wrong with it, never with its value. */
const readOne = (descriptor: Descriptor, parameter: Parameter, value: string) =>
  readDeclarativeParams({ ...descriptor, parameters: [parameter] }, { [parameter.name]: value })

/**
 * The kept values with those that were entered now: a text sets, null takes away, and what is not named stays.
 * Errors: declarative.params_invalid for a name that is no parameter, and for a value that does not fit.
 */
export function withEntered(
  descriptor: Descriptor,
  kept: KeptParams,
  entered: Readonly<Record<string, string | null>>,
): KeptParams {
  const changed = new Map<string, KeptParam>(Object.entries(kept))
  for (const [name, value] of Object.entries(entered)) {
    const parameter = descriptor.parameters.find((each) => each.name === name)
    if (value === null || value === '') {
      changed.delete(name)
    } else if (parameter === undefined) {
      // Says so itself, in the one way that this is said.
      readDeclarativeParams({ ...descriptor, parameters: [] }, { [name]: value })
    } else {
      readOne(descriptor, parameter, value)
      changed.set(name, { value, isSecret: isSecret(parameter) })
    }
  }
  return Object.fromEntries(changed)
}
