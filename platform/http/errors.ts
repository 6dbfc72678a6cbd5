import { defineErrors } from '../../kernel/error.ts'

export const httpErrors = defineErrors('http', {
  invalid_request: 'invalid',
  invalid_json: 'invalid',
  json_too_deep: 'invalid',
  unauthenticated: 'unauthenticated',
  forbidden: 'forbidden',
  not_found: 'not_found',
  idempotency_key_missing: 'invalid',
  idempotency_key_reused: 'rejected',
  idempotency_key_running: 'conflict',
})
