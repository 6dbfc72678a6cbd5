// The door of the module: other modules, adapters and apps import this file and no other.
export { type Alternative } from './alternatives.ts'
export {
  type Catalogue,
  createCatalogue,
  type Dependencies as CatalogueDependencies,
} from './catalogue.ts'
export { type CatalogueIndex, indexCatalogue } from './catalogue-index.ts'
export {
  type CatalogueEntry,
  type CoverClass,
  type HospitalLevel,
  type ItemKind,
  type PriceLimits,
} from './entry.ts'

export { type Estimate, STEP_REASONS, type StepReason } from './estimate.ts'
export type { ExplainedBill, Insured as CatalogueInsured } from './estimating.ts'
export { type BillLine, type ExplainedLine, splitLines } from './explain.ts'
export type { ItemRow, Setting as CatalogueSetting } from './item-store.ts'
export { isNotReady } from './learning.ts'
export type { VersionSource } from './load.ts'
export {
  type HospitalItem,
  type Match,
  MATCH_REASONS,
  type MatchReason,
  type MatchRules,
} from './match.ts'
export type { Policy, PolicyTerms, YearSoFar } from './policy.ts'
export type { Measured } from './policy-store.ts'
export type { RouteContext as CatalogueRouteContext } from './route-parts.ts'
export { catalogueRoutes } from './routes.ts'
export { LINE_REASONS, type LineReason, type LineSplit } from './split.ts'
