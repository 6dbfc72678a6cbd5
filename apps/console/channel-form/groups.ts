import { type FormSchema, type Path, pointerOf } from './form-schema.ts'

/** The form in the order in which a channel is described. */
export const GROUPS = [
  'basic',
  'hosts',
  'sign',
  'seal',
  'mapping',
  'states',
  'errors',
  'notice',
  'statement',
  'limits',
] as const

export type GroupName = (typeof GROUPS)[number]

/** One part of the descriptor, without what belongs to another group: `omit` names fields at any depth below. */
export type Part = { path: Path; omit: readonly string[] }

const OPERATIONS = ['query', 'release', 'refund', 'queryRefund'] as const

/** The parts of a group, as many as the descriptor has of it: each way to pay has states and errors of its own. */
export function partsOf(group: GroupName, descriptor: unknown): Part[] {
  const all = (...paths: Path[]): Part[] => paths.map((path) => ({ path, omit: [] }))
  switch (group) {
    case 'basic':
      return all(['name'], ['provider'], ['titles'], ['specimen'], ['parameters'], ['mask'])
    case 'hosts':
      return all(
        ['hosts'],
        ['wire', 'contentType'],
        ['wire', 'xmlRoot'],
        ['wire', 'timestamp'],
        ['wire', 'nonceBytes'],
        ['wire', 'headers'],
      )
    case 'sign':
      return all(
        ['wire', 'sign'],
        ['answers', 'contentType'],
        ['answers', 'verify'],
        ['answers', 'nonceEcho'],
      )
    case 'seal':
      return all(['wire', 'seal'], ['wire', 'envelope'], ['answers', 'open'])
    case 'mapping':
      return ['charge', ...OPERATIONS].map((name) => ({
        path: [name],
        omit: ['states', 'errors'],
      }))
    case 'states':
      return all(...answersOf(descriptor).map((path) => [...path, 'states']))
    case 'errors':
      return all(['errors'], ...answersOf(descriptor).map((path) => [...path, 'errors']))
    case 'notice':
      return all(['notice'])
    case 'statement':
      return all(['statement'])
    case 'limits':
      return all(['limits'])
  }
}

function answersOf(descriptor: unknown): Path[] {
  const charge = isObject(descriptor) ? descriptor['charge'] : undefined
  const methods = isObject(charge) ? Object.keys(charge) : []
  const release = isObject(descriptor) ? descriptor['release'] : undefined
  const whenAbsent = isObject(release) && isObject(release['whenAbsent'])
  return [
    ...methods.map((method) => ['charge', method, 'answer']),
    ['query', 'answer'],
    ['release', 'answer'],
    ...(whenAbsent ? [['release', 'whenAbsent', 'answer']] : []),
    ['refund', 'answer'],
    ['queryRefund', 'answer'],
  ]
}

/** In which group a problem is shown: where its field stands, and what belongs to no group with the basics. */
export function groupOf(pointer: string, descriptor: unknown): GroupName {
  let best: { group: GroupName; length: number } = { group: 'basic', length: 0 }
  for (const group of GROUPS) {
    for (const { path, omit } of partsOf(group, descriptor)) {
      const at = pointerOf(path)
      const isBelow = pointer === at || pointer.startsWith(`${at}/`)
      const isOmitted = omit.some((name) => pointer.slice(at.length).split('/').includes(name))
      if (isBelow && !isOmitted && at.length > best.length) best = { group, length: at.length }
    }
  }
  // What a missing part lacks is missing in the group of that part.
  if (best.length > 0) return best.group
  return WHOLE[pointer.split('/')[1] ?? ''] ?? 'basic'
}

const WHOLE: Readonly<Record<string, GroupName>> = { wire: 'hosts', answers: 'sign' }

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value at a path; undefined for what is not there. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, part) => {
    if (Array.isArray(at)) return typeof part === 'number' ? (at as unknown[])[part] : undefined
    return isObject(at) && Object.hasOwn(at, part) ? at[part] : undefined
  }, value)
}

/** Whether the field must be there, by the schema of what it stands in. */
export const isRequired = (schema: FormSchema | null, name: string | number): boolean =>
  typeof name === 'string' && (schema?.required ?? []).includes(name)
