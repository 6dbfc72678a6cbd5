import { parse } from 'yaml'

import {
  describedAsk,
  readProduct,
  readStoredHospital,
} from '../../../adapters/hospitals/declarative/index.ts'
import { readStandardHisParams, standardAsk } from '../../../adapters/hospitals/standard/index.ts'
import type { Random } from '../../../kernel/random.ts'
import type { Clock } from '../../../kernel/time.ts'
import { type ConformanceSubject, createOwnMemory } from '../../../modules/hospitals/index.ts'
import { readText, Unusable } from '../channel/files.ts'
import { createDoor } from './door.ts'
import type { ListenerKeys } from './listener.ts'

type SubjectDeps = { clock: Clock; random: Random; timeoutMs: number }

/** What is to be tried: `keys` are those of the standard wire, null for a system that is described. */
export type OpenSubject = ConformanceSubject & { keys: ListenerKeys | null }

/**
 * A hospital that speaks the standard interface at a URL, or one that a descriptor describes.
 * Errors: Unusable or an AppError that names what is wrong with the file or the params, never their values.
 */
export function openSubject(
  subject: string,
  paramsFile: string | undefined,
  deps: SubjectDeps,
): OpenSubject {
  const params = paramsFile === undefined ? {} : readObject(paramsFile)
  if (!/^https?:\/\//.test(subject)) {
    return { ask: describedBy(subject, params, deps), door: null, keys: null }
  }
  const keys = readStandardHisParams({ ...params, baseUrl: subject })
  return { ask: standardAsk(keys, deps), door: createDoor(keys, deps), keys }
}

/** The file holds the descriptor's parameters as texts; or these under `params`, and the hospital's words under `codes`. */
function describedBy(file: string, written: Record<string, unknown>, deps: SubjectDeps) {
  const text = readText(file)
  const read = readProduct(text)
  if (read.outcome === 'wrong') {
    const [first] = read.problems
    throw new Unusable(`${file} ${first?.pointer ?? ''} ${first?.zh ?? ''} / ${first?.en ?? ''}`)
  }
  const { params = written, codes = {} } = 'params' in written ? written : {}
  const { product, words } = readStoredHospital({ product: text, params, codes })
  return describedAsk(product, words, { ...deps, memory: createOwnMemory() })
}

/** A file that holds an object, YAML or JSON. */
export function readObject(file: string): Record<string, unknown> {
  let value: unknown
  try {
    value = parse(readText(file))
  } catch (error) {
    if (error instanceof Unusable) throw error
    throw new Unusable(`${file} is neither YAML nor JSON`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Unusable(`${file} holds no fields by name`)
  }
  return { ...value }
}
