"""Engines: what turns an image batch into feature maps. Tail, maps and everything after are the same for all.

===========================  =======================================================================
`ml.engines.base`            the interface, and the cascade: fast first, exact where it is close
`ml.engines.torch_engine`    torch: CUDA (fp32, or bf16 as its fast mode), and the CPU reference
`ml.engines.openvino_engine` OpenVINO on the CPU: fp32 (exact), int8 (fast)
`ml.engines.runtime`         the one door to OpenVINO and NNCF: their telemetry stays off
`ml.engines.store`           converted models on disk, by checksum
`ml.engines.prepare`         makes what is missing there, in a process of its own
`ml.engines.choose`          a checkpoint opened with the engines that fit the machine and the wishes
===========================  =======================================================================
"""
