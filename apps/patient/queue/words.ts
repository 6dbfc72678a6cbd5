import { loadWords } from '../../web/i18n.ts'

/** What is said of waiting: the namespace "queue". */
export const loadQueueWords = () =>
  loadWords('queue', {
    'zh-CN': async () => (await import('../locales/zh-CN/queue.json')).default,
    en: async () => (await import('../locales/en/queue.json')).default,
  })
