import Type from 'typebox'

import type { Clock } from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import type { Coverage } from './coverage.ts'
import type { Dependencies } from './dependencies.ts'
import type { ClaimView, ConsentView, PolicyView } from './schemas.ts'

// What the routes of coverage share.

export type RouteContext = {
  coverage: Coverage
  db: Db
  clock: Clock
  insurersOf: Dependencies['insurersOf']
}

export const COVERAGE = '/hospitals/:hospitalId/coverage'

export const PolicyOut = Type.Unsafe<Type.Static<typeof PolicyView>>(Type.Ref('CoveragePolicy'))
export const ConsentOut = Type.Unsafe<Type.Static<typeof ConsentView>>(Type.Ref('CoverageConsent'))
export const ClaimOut = Type.Unsafe<Type.Static<typeof ClaimView>>(Type.Ref('CoverageClaim'))
export const ClaimsOut = Type.Object({ items: Type.Array(ClaimOut) })
