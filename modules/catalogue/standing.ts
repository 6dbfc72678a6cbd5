import type { CatalogueIndex } from './catalogue-index.ts'
import { isInForce } from './entry.ts'
import { type HospitalItem, type Match, matchItem, type MatchRules } from './match.ts'
import { normaliseName, normaliseSpec } from './normalise.ts'

export type ItemStatus = 'matched' | 'waiting' | 'decided'

/** What staff decided of an item, with the item as it was then. A null entry: there is none. */
export type Decision = { entryCode: string | null; itemName: string; itemSpec: string }

/** What an item is in one version: matched, decided, or for a person to look at. */
export type Standing = Match & { status: ItemStatus }

/**
 * A decision outlives versions: it holds while its entry is in force and the item is called as it was. Otherwise the item waits
 * for a person, with the reason; the decision itself stays and holds again once its entry is back.
 */
export function standingOf(
  index: CatalogueIndex,
  item: HospitalItem,
  decision: Decision | null,
  rules: MatchRules,
): Standing {
  if (decision && isSameThing(item, decision)) {
    const { entryCode } = decision
    const entry = entryCode === null ? null : (index.byCode(entryCode)?.entry ?? null)
    if (entryCode === null || (entry && isInForce(entry, rules.on))) {
      return { status: 'decided', entryCode, confidence: 1_000, reasons: [], candidates: [] }
    }
  }
  const match = matchItem(index, item, rules)
  if (decision) {
    const reason = isSameThing(item, decision)
      ? ({ code: 'decision_ended', params: { entryCode: decision.entryCode ?? '' } } as const)
      : ({ code: 'item_changed', params: { before: decision.itemName } } as const)
    return { ...match, status: 'waiting', entryCode: null, reasons: [reason, ...match.reasons] }
  }
  return { ...match, status: match.entryCode === null ? 'waiting' : 'matched' }
}

function isSameThing({ name, spec }: HospitalItem, { itemName, itemSpec }: Decision): boolean {
  if (name === itemName && spec === itemSpec) return true
  const [now, before] = [normaliseSpec(spec), normaliseSpec(itemSpec)]
  return (
    normaliseName(name, 'service', null).base === normaliseName(itemName, 'service', null).base &&
    now.strength === before.strength &&
    now.pack === before.pack
  )
}
