// The door of the adapter: hospital systems as data.
export { type ReadProduct, readProduct } from './check.ts'
export type { DescribedDeps } from './context.ts'
export { createDescribedHospital, describedAsk, type HospitalWords } from './hospital.ts'
export type { Product } from './schema.ts'
export { shippedProduct } from './shipped.ts'
export { readStoredHospital } from './stored.ts'
