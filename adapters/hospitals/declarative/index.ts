// The door of the adapter: hospital systems as data.
export { type ReadProduct, readProduct } from './check.ts'
export type { DescribedDeps } from './context.ts'
export { type ListeningHospital, listeningOf } from './hears.ts'
export { createDescribedHospital, describedAsk, type HospitalWords } from './hospital.ts'
export type { Product } from './schema.ts'
export { shippedProduct, shippedProducts } from './shipped.ts'
export { mustReadProduct, readStoredHospital } from './stored.ts'
