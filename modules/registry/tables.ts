import type { BusinessDate } from '../../kernel/time.ts'
import type { InstitutionKind, Settled } from './institution.ts'

/** Rows of the schema "registry". Held against the migrated database by tests/tables.types.ts. */
export type RegistryTables = {
  'registry.edition': {
    region: string
    kind: InstitutionKind
    seq: number
    source: 'centre' | 'list'
    as_of: Date
    institution_count: number
    loaded_at: Date
    is_latest: boolean
  }
  'registry.institution': {
    region: string
    kind: InstitutionKind
    code: string
    since_seq: number
    until_seq: number | null
    name: string
    folded: string
    initials: string
    area: string
    level: string | null
    address: string | null
    phone: string | null
    latitude: number | null
    longitude: number | null
    settles: readonly Settled[]
    valid_from: BusinessDate | null
    valid_to: BusinessDate | null
    content_hash: string
    marks: readonly string[]
  }
}
