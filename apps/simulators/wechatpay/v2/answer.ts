import type { Fields } from './wire.ts'

/** What is answered, before the fields that every answer has. */
export type Answer = { type: 'fields'; fields: Fields }

export const success = (fields: Fields): Answer => ({
  type: 'fields',
  fields: { result_code: 'SUCCESS', ...fields },
})

export const refusal = (code: string, words: string, more: Fields = {}): Answer => ({
  type: 'fields',
  fields: { result_code: 'FAIL', err_code: code, err_code_des: words, ...more },
})
