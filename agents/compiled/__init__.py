"""Generations, compiled: networks of a population and their walkers, episode by episode.

The step is `walker_env.compiled`'s. A *group* is G networks with C walkers each that stay together:
walker c of network g lies in lane ``c * G + g``, so that the networks of a group compute side by
side and walker by walker. The readable versions are `trial.Walkers.step`, `networks.network` and
`gaits.Beat`; tests hold these to them bit for bit.
"""
