import PingPong from './library.cjs'

export default function replica({ peers, send }) {
  const library = new PingPong((to, left) => send(to, { kind: 'ball', left }))
  return {
    receive: ({ left }, from) => library.receive(from, left),
    request: ({ times }) => library.receive(peers[0], times),
  }
}
