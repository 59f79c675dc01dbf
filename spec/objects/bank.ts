/** Accounts. A transfer reads two variables and writes both; the total stays what it is. */
import { define, natural, oneOf, type ReplicatedObject, snapshot } from '../object.ts'

export const bank = (accounts: readonly string[], balance = 10): ReplicatedObject => {
  const account = oneOf(accounts)
  return {
    name: 'bank',
    variables: Object.fromEntries(accounts.map((a) => [a, balance])),
    functions: {
      balance: define(
        [account],
        (s, [a]) => s.get(a),
        (one) => one,
      ),

      transfer: define(
        [account, account, natural],
        (s, [from, to, amount]) => {
          const left = s.get<number>(from) - amount
          if (left < 0) throw new Error(`${from} has less than ${amount}`)
          s.set(from, left)
          s.set(to, s.get<number>(to) + amount)
          return left
        },
        ([from, to]) => [from, to],
      ),

      /** Interest of 10 %, rounded down, which commutes with no transfer. */
      interest: define(
        [account],
        (s, [a]) => {
          s.set(a, Math.floor((s.get<number>(a) * 11) / 10))
          return s.get(a)
        },
        (one) => one,
      ),

      snapshot,
    },
  }
}
