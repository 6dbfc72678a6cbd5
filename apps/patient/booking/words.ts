import { loadWords } from '../../web/i18n.ts'

/** What is said of booking: the namespace "booking". */
export const loadBookingWords = () =>
  loadWords('booking', {
    'zh-CN': async () => (await import('../locales/zh-CN/booking.json')).default,
    en: async () => (await import('../locales/en/booking.json')).default,
  })
