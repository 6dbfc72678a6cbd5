import {
  type Descriptor,
  type Problem,
  readDescriptor,
  shippedDescriptor,
  shippedNames,
} from '../../../adapters/channels/declarative/index.ts'
import {
  channelErrors,
  type Draft,
  type DraftRun,
  type OpenDraft,
  testObstacle,
} from '../../../modules/channels/index.ts'
import { type ShownParam, shownParams } from './params.ts'

/** A draft as its form needs it: what is wrong with it, what has to be filled in, and what keeps it from going live. */
export type ReadDraft = {
  draft: Draft
  /** Null while the text has problems. */
  descriptor: Descriptor | null
  problems: Problem[]
  params: ShownParam[]
  runs: DraftRun[]
  obstacles: Obstacle[]
}

export type Obstacle =
  | 'has_problems'
  | 'params_missing'
  | NonNullable<ReturnType<typeof testObstacle>>

export function readDraft({ draft, params, runs }: OpenDraft): ReadDraft {
  const read = readDescriptor(draft.descriptor)
  const suites = runs.filter(({ kind }) => kind === 'suite')
  const untested = testObstacle(draft.version, suites[0] ?? null)
  const tests: Obstacle[] = untested === null ? [] : [untested]
  if (read.outcome === 'wrong') {
    const { problems } = read
    const obstacles: Obstacle[] = ['has_problems', ...tests]
    return { draft, descriptor: null, problems, params: [], runs, obstacles }
  }
  const { descriptor } = read
  const shown = shownParams(descriptor, params)
  const isFilledIn = shown.every(({ problem }) => problem === null)
  const obstacles: Obstacle[] = [...(isFilledIn ? [] : (['params_missing'] as const)), ...tests]
  return { draft, descriptor, problems: [], params: shown, runs, obstacles }
}

/** The descriptor, or the refusal that it cannot be used yet. */
export function usableDescriptor({ descriptor, problems, params }: ReadDraft): Descriptor {
  if (descriptor === null) {
    throw channelErrors.draft_has_problems({
      count: problems.length,
      pointer: problems[0]?.pointer ?? '',
    })
  }
  const lacking = params.filter(({ problem }) => problem !== null)
  if (lacking.length > 0) {
    const fields = lacking.map(({ parameter }) => parameter.name).join(', ')
    throw channelErrors.draft_params_missing({ fields })
  }
  return descriptor
}

type DraftText = Pick<Draft, 'name' | 'title' | 'descriptor'>

/** What a text says of itself; what it was before stays where it cannot be read. */
export function textOf(descriptor: string, before: Pick<Draft, 'name' | 'title'>): DraftText {
  const read = readDescriptor(descriptor)
  if (read.outcome === 'wrong') return { name: before.name, title: before.title, descriptor }
  return { name: read.descriptor.name, title: read.descriptor.titles, descriptor }
}

/** Every shipped descriptor, with what it says of itself. */
export const templates = () =>
  shippedNames().map((name) => {
    const { titles, provider, specimen } = shipped(name).descriptor
    return { name, title: titles, provider, specimen: specimen ?? null }
  })

/**
 * The text to begin a draft from, under a name of its own where one is given. Errors: throws
 * channels.draft_template_unknown.
 */
export function draftFrom(template: string, name: string | null): DraftText {
  if (!shippedNames().includes(template)) {
    throw channelErrors.draft_template_unknown({ template: template.slice(0, 40) })
  }
  const { text, descriptor } = shipped(template)
  const named = name === null ? text : text.replace(/^name: .*$/m, `name: ${name}`)
  return { name: name ?? descriptor.name, title: descriptor.titles, descriptor: named }
}

function shipped(name: string): { text: string; descriptor: Descriptor } {
  const text = shippedDescriptor(name)
  const read = readDescriptor(text)
  if (read.outcome === 'wrong') throw new Error(`the shipped descriptor ${name} has problems`)
  return { text, descriptor: read.descriptor }
}
