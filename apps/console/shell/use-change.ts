import { useMutation, useQueryClient } from '@tanstack/react-query'

import { announce } from './announce.ts'

/** What is said when it is done, and what happens then. */
export type Done = { words: string; onDone?: () => void }

/** After a change everything is read anew: its figures stand on several pages. */
export function useChange<Wish>(send: (wish: Wish) => Promise<void>, { words, onDone }: Done) {
  const queryClient = useQueryClient()
  return useMutation<void, unknown, Wish>({
    mutationFn: send,
    onSuccess: () => {
      announce(words)
      onDone?.()
    },
    onSettled: () => queryClient.invalidateQueries(),
  })
}
