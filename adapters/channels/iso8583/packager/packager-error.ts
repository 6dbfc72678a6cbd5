import { defineErrors } from '../../../../kernel/error.ts'

/** unwritable: a message of ours does not fit the profile. unreadable: what came is no message of the profile. */
export const packagerErrors = defineErrors('iso8583', {
  unwritable: 'invalid',
  unreadable: 'invalid',
})

/** Where something is wrong; never the value, which may be a card number. Field 0 is the message type, 1 the bitmap. */
export type Place = { profile: string; field: number; offset: number }
