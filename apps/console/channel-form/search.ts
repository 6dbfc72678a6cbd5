export const DRAFT_TABS = ['form', 'params', 'bench'] as const

export type DraftTab = (typeof DRAFT_TABS)[number]

/** Which step of a draft is looked at; the first for anything else. */
export function readDraftSearch(search: Record<string, unknown>): { tab?: DraftTab } {
  const tab = DRAFT_TABS.find((name) => name === search['tab'])
  return tab === undefined ? {} : { tab }
}
