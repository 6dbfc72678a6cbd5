/** What is wrong with a descriptor, where, in both languages. Lines and columns count from 1. */
export type Problem = {
  pointer: string
  code: string
  zh: string
  en: string
  line: number | null
  column: number | null
}

export const problem = (pointer: string, code: string, zh: string, en: string): Problem => ({
  pointer,
  code,
  zh,
  en,
  line: null,
  column: null,
})
