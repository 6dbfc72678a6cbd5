import { type BusinessDate, businessDate } from '../../../kernel/time.ts'
import type { CatalogueEntry, ItemKind } from '../../catalogue/index.ts'
import type {
  CatalogueFileInfno,
  CatalogueFileRow,
  CatalogueItem,
  FirstShareRule,
  PriceLimit,
} from '../centre/catalogue.ts'

/** The files that name what can be charged for, each with the kind of thing in it. */
export const KIND_OF_FILE = {
  '1301': 'drug',
  '1302': 'herb',
  '1305': 'service',
  '1306': 'material',
} as const satisfies Partial<Record<CatalogueFileInfno, ItemKind>>

export type FileList = keyof typeof KIND_OF_FILE
export const FILE_LISTS = ['1301', '1302', '1305', '1306'] as const satisfies readonly FileList[]

export const PAGE_LISTS = ['items', 'price_limits', 'first_shares'] as const
export type PageList = (typeof PAGE_LISTS)[number]

/** What of a file's row is kept. */
export type NamedItem = Pick<
  CatalogueFileRow,
  'code' | 'name' | 'spec' | 'unit' | 'form' | 'substance' | 'isValid'
>

/** Everything that was read about one code of a region. */
export type ReadCode = {
  list: FileList
  named: NamedItem
  items: readonly CatalogueItem[]
  priceLimits: readonly PriceLimit[]
  firstShares: readonly FirstShareRule[]
}

// Where the centre classifies nothing there is no day either, and one that moved would look like a change.
const ALWAYS = businessDate('2000-01-01')

/**
 * One entry of the catalogue from what the lists say of its code; null for what was withdrawn. What the region has not
 * classified has no class: nobody may take it for covered. Of several price limits the lowest counts, of several first
 * shares the greatest, so that an estimate does not promise too much.
 */
export function entryOf(read: ReadCode): CatalogueEntry | null {
  const { named, list } = read
  if (!named.isValid) return null
  const item = latest(read.items.filter(({ isValid }) => isValid))
  const limits = read.priceLimits.filter(({ isValid }) => isValid)
  const shares = read.firstShares.filter(({ isValid }) => isValid)
  const coverClass = item?.level ?? null
  return {
    code: named.code,
    name: named.name,
    kind: KIND_OF_FILE[list],
    substance: named.substance,
    atc: null,
    form: named.form,
    spec: named.spec ?? '',
    unit: named.unit ?? '',
    coverClass,
    priceLimits:
      limits.length === 0 ? {} : { any: Math.min(...limits.map((one) => one.limitMicroYuan)) },
    firstSharePpm: coverClass === 'B' ? PPM_PER_BP * Math.max(0, ...shares.map(bpOf)) : 0,
    isLimited: item?.isLimited ?? false,
    validFrom: item?.from ?? ALWAYS,
    validTo: item?.to ?? null,
  }
}

const PPM_PER_BP = 100

const bpOf = ({ shareBp }: FirstShareRule) => shareBp

const latest = (items: readonly CatalogueItem[]): CatalogueItem | undefined =>
  items.toSorted((a, b) => (a.from < b.from ? -1 : 1)).at(-1)

/** How far each list was read. */
export type Cursors = Partial<Record<FileList, { version: string }>> &
  Partial<Record<PageList, { since: BusinessDate; page: number; begunOn: BusinessDate }>>
