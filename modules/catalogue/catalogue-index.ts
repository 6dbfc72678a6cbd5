import type { CatalogueEntry, ItemKind } from './entry.ts'
import { type NormalName, normaliseName, type NormalSpec, normaliseSpec } from './normalise.ts'
import { bigramsOf, dicePermille } from './similarity.ts'

/** An entry with what it is compared by. */
export type IndexedEntry = {
  entry: CatalogueEntry
  name: NormalName
  spec: NormalSpec
  grams: readonly number[] // of the name's base
}

/** One version of a catalogue, made ready for questions. */
export type CatalogueIndex = {
  size: number
  byCode(code: string): IndexedEntry | null
  /** Those whose name, form and specification are written the same, by code. */
  same(kind: ItemKind, name: NormalName, spec: NormalSpec): readonly IndexedEntry[]
  /** Those of the kind with a name most alike, the most alike first and then by code. */
  alike(kind: ItemKind, grams: ReadonlySet<number>, most: number): readonly IndexedEntry[]
  /** Those of the same substance and form, by code. */
  sameSubstance(entry: CatalogueEntry): readonly IndexedEntry[]
}

/** Errors: none; of two entries of one code the latter counts. In whichever order they come, the answers are the same. */
export function indexCatalogue(entries: Iterable<CatalogueEntry>): CatalogueIndex {
  const latest = new Map<string, CatalogueEntry>()
  for (const entry of entries) latest.set(entry.code, entry)
  const sorted = [...latest.values()].toSorted((a, b) => (a.code < b.code ? -1 : 1)).map(indexed)
  const byCode = new Map(sorted.map((one) => [one.entry.code, one]))
  const bySame = groupsOf(sorted, ({ entry, name, spec }) => [sameKey(entry.kind, name, spec)])
  const bySubstance = groupsOf(sorted, ({ entry, name }) => substanceKeys(entry, name))
  const grams = new Map<ItemKind, GramIndex>()
  for (const [kind, ofKind] of groupsOf(sorted, ({ entry }) => [entry.kind])) {
    grams.set(kind as ItemKind, gramIndex(ofKind))
  }
  return {
    size: sorted.length,
    byCode: (code) => byCode.get(code) ?? null,
    same: (kind, name, spec) => bySame.get(sameKey(kind, name, spec)) ?? [],
    alike: (kind, asked, most) => grams.get(kind)?.(asked, most) ?? [],
    sameSubstance: (entry) =>
      substanceKeys(entry, byCode.get(entry.code)?.name ?? indexed(entry).name).flatMap(
        (key) => bySubstance.get(key) ?? [],
      ),
  }
}

function indexed(entry: CatalogueEntry): IndexedEntry {
  const name = normaliseName(entry.name, entry.kind, entry.form)
  return { entry, name, spec: normaliseSpec(entry.spec), grams: [...bigramsOf(name.base)] }
}

const sameKey = (kind: ItemKind, { base, form }: NormalName, { strength, pack }: NormalSpec) =>
  `${kind}\n${base}\n${form}\n${strength}\n${pack}`

function substanceKeys({ substance, kind }: CatalogueEntry, { form }: NormalName): string[] {
  return substance === null || substance === '' || form === ''
    ? []
    : [`${kind}\n${normaliseName(substance, 'service', null).base}\n${form}`]
}

function groupsOf<Item>(items: readonly Item[], keysOf: (item: Item) => readonly string[]) {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    for (const key of keysOf(item)) {
      const group = groups.get(key)
      if (group) group.push(item)
      else groups.set(key, [item])
    }
  }
  return groups
}

type GramIndex = (grams: ReadonlySet<number>, most: number) => readonly IndexedEntry[]

/**
 * Pieces that so many entries have tell little and cost most: they are counted only where a name has no rarer ones.
 */
const COMMON_GRAM = 200

function gramIndex(entries: readonly IndexedEntry[]): GramIndex {
  const postings = new Map<number, number[]>()
  for (const [position, { grams }] of entries.entries()) {
    for (const gram of grams) {
      const posting = postings.get(gram)
      if (posting) posting.push(position)
      else postings.set(gram, [position])
    }
  }
  // Kept between questions and wiped after each, as fresh ones of this size would cost more than the counting.
  const counts = new Uint16Array(entries.length)
  const sizes = Uint16Array.from(entries, ({ grams }) => grams.length)
  const touched = new Uint32Array(entries.length)
  return (asked, most) => {
    const met = count(counts, touched, telling(postings, asked))
    const best: Scored[] = []
    for (let i = 0; i < met; i++) {
      const position = touched[i] ?? 0
      const size = sizes[position] ?? 0
      insert(best, most, position, dicePermille(counts[position] ?? 0, asked.size, size))
      counts[position] = 0
    }
    return best.flatMap(({ position }) => entries[position] ?? [])
  }
}

type Scored = { position: number; score: number }

/** Keeps the best, in order: most alike first, of equals the one with the lower code. */
function insert(best: Scored[], most: number, position: number, score: number): void {
  const last = best.at(-1)
  if (last && best.length >= most && !comesBefore(position, score, last)) return
  let at = best.length
  for (let other = last; other && comesBefore(position, score, other); other = best[at - 1]) at -= 1
  best.splice(at, 0, { position, score })
  if (best.length > most) best.pop()
}

const comesBefore = (position: number, score: number, other: Scored): boolean =>
  score > other.score || (score === other.score && position < other.position)

/** The lists of the pieces that are not common; where all are, the shortest one, so that something is found. */
function telling(postings: ReadonlyMap<number, readonly number[]>, grams: ReadonlySet<number>) {
  const lists = [...grams].flatMap((gram) => {
    const posting = postings.get(gram)
    return posting ? [posting] : []
  })
  const rare = lists.filter((list) => list.length <= COMMON_GRAM)
  if (rare.length > 0) return rare
  return lists.toSorted((a, b) => a.length - b.length).slice(0, 1)
}

/** Counts into the scratch how many lists each position is in, and notes which are in any; answers how many. */
function count(
  counts: Uint16Array,
  touched: Uint32Array,
  lists: readonly (readonly number[])[],
): number {
  let met = 0
  for (const list of lists) {
    for (const position of list) {
      const before = counts[position] ?? 0
      if (before === 0) touched[met++] = position
      counts[position] = before + 1
    }
  }
  return met
}
