// The door of the adapter for hospitals that speak docs/interface/hospital-standard.md.
export { keysOf, readStandardHisParams, type StandardHisParams } from './params.ts'
export { hisNonceOf, isAnswerSigned, verifyHisRequest } from './signature.ts'
export { createStandardHis } from './standard-his.ts'
/** How each operation is asked, for who wants to see the answer in the words of the contract. */
export { createTransport as standardAsk } from './transport.ts'
