// The door of the adapter for hospitals that speak docs/interface/hospital-standard.md.
export { readStandardHisParams, type StandardHisParams } from './params.ts'
export { hisNonceOf, verifyHisRequest } from './signature.ts'
export { createStandardHis } from './standard-his.ts'
