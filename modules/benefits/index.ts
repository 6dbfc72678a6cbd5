// The door of the module: other modules, adapters and apps import this file and no other.
export { type Benefits, createBenefits } from './benefits.ts'
export {
  type BenefitRules,
  type BenefitsDependencies,
  USUAL_BENEFIT_RULES,
} from './dependencies.ts'
export type { NewEntitlement } from './entitlements.ts'

export { hasProgrammes } from './in-use.ts'
export type { NeedKind } from './need.ts'
export { isNeedRegistered, type Need, type NeedList } from './needs.ts'
export type { PackageSale } from './packages.ts'
export type { Earning, Exchange, Points } from './points.ts'
export type {
  BenefitKind,
  Entitlement,
  EntitlementId,
  PointEvent,
  Programme,
  ProgrammeId,
  Terms,
} from './programme.ts'
export { benefitRoutes } from './routes.ts'
export type { Condition, Facts, Rule } from './rule.ts'
