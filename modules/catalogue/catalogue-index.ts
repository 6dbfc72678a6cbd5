import type { CatalogueEntry, ItemKind } from './entry.ts'
import { type NormalName, normaliseName, type NormalSpec, normaliseSpec } from './normalise.ts'
import { bigramsOf, dicePermille } from './similarity.ts'

/** An entry with what it is compared by. */
export type IndexedEntry = { entry: CatalogueEntry; name: NormalName; spec: NormalSpec }

/** One version of a catalogue, made ready for questions. */
export type CatalogueIndex = {
  size: number
  byCode(code: string): IndexedEntry | null
  /** Those whose name, form and specification are written the same, by code. */
  same(kind: ItemKind, name: NormalName, spec: NormalSpec): readonly IndexedEntry[]
  /** Those of the kind with a name most alike, the most alike first and then by code. */
  alike(kind: ItemKind, base: string, most: number): readonly IndexedEntry[]
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
    alike: (kind, base, most) => grams.get(kind)?.(base, most) ?? [],
    sameSubstance: (entry) =>
      substanceKeys(entry, indexed(entry).name).flatMap((key) => bySubstance.get(key) ?? []),
  }
}

const indexed = (entry: CatalogueEntry): IndexedEntry => ({
  entry,
  name: normaliseName(entry.name, entry.kind, entry.form),
  spec: normaliseSpec(entry.spec),
})

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

type GramIndex = (base: string, most: number) => readonly IndexedEntry[]

/**
 * Pieces that so many entries have tell little and cost most: they are counted only where a name has no rarer ones.
 */
const COMMON_GRAM = 500

function gramIndex(entries: readonly IndexedEntry[]): GramIndex {
  const postings = new Map<number, number[]>()
  const sizes = entries.map(({ name }, position) => {
    const grams = bigramsOf(name.base)
    for (const gram of grams) {
      const posting = postings.get(gram)
      if (posting) posting.push(position)
      else postings.set(gram, [position])
    }
    return grams.size
  })
  // Kept between questions and wiped after each, as a fresh one of this size would cost more than the counting.
  const counts = new Uint16Array(entries.length)
  return (base, most) => {
    const grams = bigramsOf(base)
    const touched = count(counts, telling(postings, grams))
    const scored = touched.map((position) => {
      const score = dicePermille(counts[position] ?? 0, grams.size, sizes[position] ?? 0)
      counts[position] = 0
      return { position, score }
    })
    return scored
      .toSorted((a, b) => b.score - a.score || a.position - b.position)
      .slice(0, most)
      .flatMap(({ position }) => entries[position] ?? [])
  }
}

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

/** Counts into the scratch how many lists each position is in; answers which positions are in any. */
function count(counts: Uint16Array, lists: readonly (readonly number[])[]): number[] {
  const touched: number[] = []
  for (const list of lists) {
    for (const position of list) {
      const before = counts[position] ?? 0
      if (before === 0) touched.push(position)
      counts[position] = before + 1
    }
  }
  return touched
}
