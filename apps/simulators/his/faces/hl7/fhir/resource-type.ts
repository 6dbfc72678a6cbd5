import type { His } from '../../../context.ts'
import type { ParamKind, Query } from './query.ts'
import type { Resource } from './resource.ts'

/** How one type is read. */
export type ResourceType = {
  /** What it may be searched by, besides _id. */
  params: Readonly<Record<string, ParamKind>>
  /** One of these, or _id, has to be told: nobody lists all patients. */
  oneOf?: readonly string[]
  all: (his: His, query: Query) => Resource[]
  /** Where it is not looked for among all. */
  read?: (his: His, id: string) => Resource | null
  /** The one `_include` there is, and what it brings. */
  include?: string
  included?: (his: His, found: Resource) => Resource[]
}
